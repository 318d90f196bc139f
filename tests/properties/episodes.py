"""Generated whole patients: one of a few typical ones, changed in a handful of places at once."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from app.clinical.episode import Episode
from app.facts.dates import with_dates
from app.facts.faults import find_faults
from app.knowledge.load import load_knowledge
from tests.builders import body, labs
from tests.properties.changes import PLACES
from tests.properties.words import ABSENT

KB = load_knowledge()
Body = dict[str, Any]
_NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
_MOST_CHANGES = 8
# Where blocks and deferrals come from: drawn as often as everything else together.
_DECIDING = (
    "allergies",
    "comorbidities",
    "condition.context",
    "labs.bilirubin_total",
    "labs.creatinine",
    "labs.inr",
    "labs.neutrophils",
    "labs.platelets",
    "labs.potassium",
    "labs.wbc",
    "medications",
    "pharmacogenetics.nudt15",
    "pharmacogenetics.tpmt",
    "prior_treatments",
    "screening.infection_suspected",
    "tacrolimus.response",
    "tacrolimus.stop_reason",
    "tacrolimus.stopped_on",
    "vitals.qtc_ms",
    "vitals.systolic_bp",
    "vitals.diastolic_bp",
    "site.tablet_strengths",
)
_PLACE = st.sampled_from(sorted(PLACES)) | st.sampled_from(_DECIDING)
_HELPED = {
    "response": "complete",
    "stop_reason": "planned_withdrawal",
    "indication_still_valid": True,
}
_MEASURED = {"temperature_c": 36.8, "systolic_bp": 122, "diastolic_bp": 76, "qtc_ms": 410}
_FAILED = [
    {"drug": "prednisone", "response": "insufficient", "tolerated": True},
    {"drug": "azathioprine", "response": "insufficient", "tolerated": True},
]
# Each is complete and has nothing against the option it is named after, so that a single change shows.
TYPICAL: dict[str, Body] = {
    "combination": body(vitals=_MEASURED),
    "tacrolimus": body(tacrolimus=_HELPED, condition={"context": "failure_on_therapy"}, vitals=_MEASURED),
    "severe": body(tacrolimus=_HELPED, labs=labs(bilirubin_total=3.0), vitals=_MEASURED),
    "mycophenolate": body(condition={"context": "failure_on_therapy"}, prior_treatments=_FAILED, vitals=_MEASURED),
    "cyclosporine": body(tacrolimus={"stop_reason": "neurotoxicity", "response": "complete"}, vitals=_MEASURED),
    "woman": body(
        patient={"sex": "female", "weight_kg": 62, "childbearing_potential": True, "pregnancy": "not_pregnant"}
    ),
}
# The same fact in two places of an episode: finding, and what the other place says when it is present.
_TWICE: dict[str, tuple[str, str, Any]] = {
    "ascites": ("condition", "ascites", "mild"),
    "encephalopathy": ("condition", "encephalopathy_grade", 1),
    "variceal_bleed": ("condition", "variceal_bleed", True),
    "fever": ("vitals", "temperature_c", 38.5),
}
_FEVER_FROM = 38.0


def bodies() -> st.SearchStrategy[Body]:
    """Return an episode as JSON that the service would accept."""
    return _changed().filter(accepted)


@st.composite
def _changed(draw: st.DrawFn) -> Body:
    whole = deepcopy(TYPICAL[draw(st.sampled_from(sorted(TYPICAL)))])
    places = draw(st.lists(_PLACE, max_size=_MOST_CHANGES, unique=True))
    for place in places:
        put(whole, place, draw(PLACES[place]))
    _tell_the_same_twice(whole)
    if whole["patient"].get("pregnancy") == "pregnant":
        whole["patient"]["childbearing_potential"] = True
    return whole


def put(whole: Body, place: str, value: Any) -> None:
    """Write a value at a place of an episode; absence removes what stands there."""
    section, _, name = place.partition(".")
    if section == "labs" and name:
        others = [item for item in whole.get("labs") or [] if item["analyte"] != name]
        whole["labs"] = [*others, *(value or [])]
    elif place == "patient.age":
        ages = {"age_years": ABSENT, "birth_date": ABSENT, **value}
        for key, age in ages.items():
            put(whole, f"patient.{key}", age)
    elif not name:
        _set(whole, section, value)
    else:
        _set(whole.setdefault(section, {}), name, value)


def _set(part: Body, name: str, value: Any) -> None:
    if value is ABSENT:
        part.pop(name, None)
    else:
        part[name] = value


def _tell_the_same_twice(whole: Body) -> None:
    """Let two places of one fact agree where it is present: a contradiction is settled by rules of its own."""
    findings = whole.get("flare", {}).get("findings")
    if findings is None:
        return
    for finding, (section, name, present) in _TWICE.items():
        recorded = whole.get(section, {}).get(name)
        if finding in findings:
            if recorded is not None and not _is_present(finding, recorded):
                whole[section][name] = present
        elif recorded is not None and _is_present(finding, recorded):
            findings.append(finding)


def _is_present(finding: str, recorded: Any) -> bool:
    return bool(recorded >= _FEVER_FROM) if finding == "fever" else recorded not in ("none", "unknown", 0, False)


def read(whole: Body) -> Episode:
    """Return the episode as the service reads it, its dates resolved."""
    return with_dates(Episode.model_validate_json(json.dumps(whole)), _NOON)


def accepted(whole: Body) -> bool:
    """Whether the service finds no fault in an episode."""
    return not find_faults(read(whole), KB)
