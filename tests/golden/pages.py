"""The golden plans as files: what of a plan is kept, how it is written down, and how two of them differ."""

import json
from hashlib import sha256
from pathlib import Path
from textwrap import fill
from typing import Any

from app.planning.difference import differences

FOLDER = Path(__file__).parent
NAMES = sorted(path.stem for path in (FOLDER / "patients").glob("*.json"))
_WIDTH = 116
_SHORT = 12
# Kept as they are. What names a version or an input (knowledge, engine, digests) is left out: it changes with anything.
_WHOLE = (
    *("as_of", "valid_until", "disposition", "headline", "referral", "withdrawal", "red_flags"),
    *("alerts", "tasks"),
)
# Left out where it stands: the same for every patient, or named by a code beside it.
_DULL = frozenset({"calculation", "formulation", "rxnorm", "rule", "title"})
_TEST = ("code", "due_on", "repeat_days", "until")


def page(plan: dict[str, Any]) -> dict[str, Any]:
    """Return what a clinician would act on; long texts that are the same for every patient are named by their ids."""
    return {
        **{name: _telling(plan[name]) for name in _WHOLE},
        "monitoring": [{key: row[key] for key in _TEST} for row in plan["monitoring"]],
        "scores": {row["name"]: row["value"] for row in plan["scores"]},
        "severity": _telling(plan["severity"]),
        "options": [_option(option) for option in plan["options"]],
        "trough_target": {key: value for key, value in (plan["trough_target"] or {}).items() if key != "evidence"},
        "escalation": [row["option_id"] for row in plan["escalation"]],
        "transplant": {row["code"]: row["met"] for row in plan["transplant"]["triggers"]},
        "duration": {key: value for key, value in plan["duration"].items() if key != "relapse_risk"},
        "checklist": {row["code"]: row["answer"] for row in plan["checklist"]},
        "condition_policy": plan["condition_policy"] and plan["condition_policy"]["specialist_text"],
        "missing_data": [row["path"] for row in plan["missing_data"]],
        "conflicts": [row["id"] for row in plan["conflicts"]],
        "statements": {verdict: _statements(plan, verdict) for verdict in ("applies", "unknown", "does_not_apply")},
        "citations": [row["id"] for row in plan["citations"]],
    }


def _option(option: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in option.items() if key not in ("title", "taper")}
    return {**{key: _telling(value) for key, value in kept.items()}, "taper": _taper(option["taper"])}


def _telling(value: Any) -> Any:
    """Return a part without what is dull, unknown or empty."""
    if isinstance(value, dict):
        parts = {key: _telling(part) for key, part in value.items() if key not in _DULL}
        return {key: part for key, part in parts.items() if part is not None and part != []}
    return [_telling(part) for part in value] if isinstance(value, list) else value


def _taper(taper: dict[str, Any] | None) -> dict[str, Any] | None:
    if taper is None:
        return None
    steps = {step["starts_on"]: step["doses"] for step in taper["steps"]}
    return {"steps": steps, "floor": taper["floor"], "cumulative_prednisone_mg": taper["cumulative_prednisone_mg"]}


def _statements(plan: dict[str, Any], verdict: str) -> list[str]:
    return [row["id"] for row in plan["statements"] if row["verdict"] == verdict]


def pretty(value: Any, indent: int = 0) -> str:
    """Write JSON with every part on one line that fits on one."""
    line = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, dict | list) or len(line) + indent <= _WIDTH:
        return line
    inner, outer = " " * (indent + 2), " " * indent
    if isinstance(value, dict):
        rows = [f"{json.dumps(key)}: {pretty(part, indent + 2)}" for key, part in value.items()]
        return "{\n" + ",\n".join(inner + row for row in rows) + f"\n{outer}}}"
    if all(isinstance(part, str) and " " not in part for part in value):
        ids = ", ".join(map(json.dumps, value))
        words = fill(ids, _WIDTH, initial_indent=inner, subsequent_indent=inner, break_on_hyphens=False)
        return f"[\n{words}\n{outer}]"
    return "[\n" + ",\n".join(inner + pretty(part, indent + 2) for part in value) + f"\n{outer}]"


def changes(expected: Any, found: Any) -> list[str]:
    """Return one line per place at which two pages differ: its path, what was there, what is there now."""
    return [
        f"{one.path} {one.kind}: {json.dumps(one.stored, ensure_ascii=False)} -> "
        f"{json.dumps(one.replayed, ensure_ascii=False)}"
        for one in differences(expected, found)
    ]


def read(kind: str, name: str) -> str:
    """Return the text of a patient or a plan."""
    return (FOLDER / kind / f"{name}.json").read_text(encoding="utf-8")


def write(name: str, text: str) -> None:
    """Keep a page as the golden plan of a patient."""
    (FOLDER / "plans" / f"{name}.json").write_text(text, encoding="utf-8")


def mention(name: str) -> str:
    """Return what the changelog says of a golden plan: its name and the start of its digest."""
    return f"golden: {name} {sha256(read('plans', name).encode()).hexdigest()[:_SHORT]}"
