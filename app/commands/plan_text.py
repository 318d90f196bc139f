"""A plan as text for a terminal: every line ends with the numbers of its sources, listed at the end."""

from collections.abc import Iterable, Iterator
from textwrap import fill

from app.clinical.option import MedicationPlan, Option
from app.clinical.plan import Plan
from app.clinical.remark import Citation
from app.clinical.taper import TabletCount, TaperStep
from app.clinical.wire import json_number

_WIDTH = 110


class _Sources:
    """Numbers the ids in the order in which the text uses them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, ids: Iterable[str]) -> str:
        """Return the numbers of the ids in brackets."""
        numbers = sorted({self._numbers.setdefault(one, len(self._numbers) + 1) for one in ids})
        return f"[{', '.join(map(str, numbers))}]"

    def lines(self, citations: Iterable[Citation]) -> Iterator[str]:
        """Return the sources used, by number."""
        resolved = {citation.id: citation for citation in citations}
        for key, number in self._numbers.items():
            yield _wrapped(f"[{number}] {key}: {_source(resolved[key])}", 5)


def render_plan(plan: Plan) -> str:
    """Return the whole plan as text."""
    sources = _Sources()
    parts = {
        "": _summary(plan, sources),
        "Options": (line for option in plan.options for line in _option(option, sources)),
        "Taper (every step waits for its gates)": _taper(plan, sources),
        "Monitoring": _monitoring(plan, sources),
        "Tasks": (
            _wrapped(f"{task.due_on}  {task.title} ({task.gate}) {sources.mark(task.citations)}", 12)
            for task in plan.tasks
        ),
        "Alerts": (
            _wrapped(f"{alert.severity.upper()} {alert.code}: {alert.text} {sources.mark(alert.citations)}", 2)
            for alert in plan.alerts
        ),
        "Missing data": (_wrapped(f"{item.path}: {item.effect} {item.how}", 2) for item in plan.missing_data),
        "Conflicts between sources": _conflicts(plan, sources),
    }
    body = [line for title, lines in parts.items() for line in _section(title, lines)]
    return "\n".join([*body, *_section("Sources", sources.lines(plan.citations)), "", _wrapped(plan.notice, 0)])


def _section(title: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    heading = ["", title, "-" * len(title)] if title else []
    return heading + (found or ["none"])


def _summary(plan: Plan, sources: _Sources) -> Iterator[str]:
    yield _wrapped(plan.headline, 0)
    yield (
        f"Disposition {plan.disposition}, as of {plan.as_of}, valid until {plan.valid_until}"
        f"{' (retrospective: does not expire)' if plan.retrospective else ''}"
    )
    yield f"Severity {plan.severity.tier} {sources.mark(plan.severity.citations)}"


def _option(option: Option, sources: _Sources) -> Iterator[str]:
    yield f"{option.standing.upper():<13} {option.title} ({option.id}) {sources.mark(option.citations)}"
    for medication in option.medications:
        yield _wrapped(_dose(medication), 4)
    for sign, remarks in (
        ("+", option.reasons),
        ("X", option.blocks),
        ("!", option.cautions),
        ("?", option.conditions),
    ):
        for remark in remarks:
            yield _wrapped(f"{sign} {remark.text} {sources.mark(remark.citations)}", 6)


def _dose(medication: MedicationPlan) -> str:
    dose, drug = medication.dose_mg_per_day, medication.drug
    if dose is not None:
        return f"{drug} {json_number(dose)} mg a day{_tablets(medication.tablets)}"
    if medication.dose_range_mg_per_day is not None:
        low, high = medication.dose_range_mg_per_day.low, medication.dose_range_mg_per_day.high
        return f"{drug} {json_number(low)} to {json_number(high)} mg a day"
    return f"{drug}: no dose{f' until {medication.deferred_until}' if medication.deferred_until else ''}"


def _tablets(tablets: tuple[TabletCount, ...]) -> str:
    counts = [f"{json_number(one.count)} x {json_number(one.strength_mg)} mg" for one in tablets]
    return f" ({' + '.join(counts)})" if counts else ""


def _taper(plan: Plan, sources: _Sources) -> Iterator[str]:
    if plan.taper is None:
        return
    for step in plan.taper.steps:
        yield _step(step)
    total = json_number(plan.taper.cumulative_prednisone_mg)
    yield f"Prednisone in {plan.taper.horizon_days} days: {total} mg {sources.mark(plan.taper.citations)}"


def _step(step: TaperStep) -> str:
    doses = (
        f"{drug} {json_number(dose)} mg{_tablets(step.tablets.get(drug, ()))}" for drug, dose in step.doses.items()
    )
    return f"{step.starts_on}  {step.status:<10} {', '.join(doses)}"


def _monitoring(plan: Plan, sources: _Sources) -> Iterator[str]:
    for item in plan.monitoring:
        again = f", then every {item.repeat_days} days until {item.until}" if item.repeat_days else ""
        yield _wrapped(f"{item.due_on}  {item.title}{again} {sources.mark(item.citations)}", 12)


def _conflicts(plan: Plan, sources: _Sources) -> Iterator[str]:
    for conflict in plan.conflicts:
        yield _wrapped(f"{conflict.id} {conflict.summary} {sources.mark(conflict.citations)}", 4)
        yield _wrapped(f"    Values: {' | '.join(conflict.shown_values)}", 4)
        yield _wrapped(f"    Here: {conflict.resolution}", 4)


def _source(citation: Citation) -> str:
    where = [
        citation.authors,
        str(citation.year) if citation.year else None,
        f"doi {citation.doi}" if citation.doi else None,
    ]
    known = ", ".join(part for part in where if part)
    sure = f" ({citation.confidence})" if citation.confidence else ""
    return f"{citation.title}{f'. {known}' if known else ''}{sure}"


def _wrapped(text: str, indent: int) -> str:
    return fill(text, _WIDTH, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
