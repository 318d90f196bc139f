"""Taking one input away from an episode. What is left unsaid becomes unknown; it never becomes "no".

A whole list or section may be left out, an optional property of it, or all results of one analyte. One item less in a
list is none of these: it says that the patient does not take that drug.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tests.properties.episodes import Body

_REQUIRED = frozenset({"reference", "birth_date", "age_years", "sex", "code", "drug"})
_LAB_REQUIRED = frozenset({"analyte", "value", "unit", "collected_at"})
# A place left out that says something definite by the contract: treatment starts on the day of the plan, a medicine
# without an end is running, an allergy without a reaction is a hypersensitivity, a man without recorded childbearing
# potential has none, a site without a list stocks what is on the market, severity comes from the results, a score
# without a word on dialysis is calculated without it and says so.
DEFAULTED = (
    "as_of",
    "start_on",
    "medications[].stopped_on",
    "allergies[].reaction",
    "patient.childbearing_potential",
    "patient.dialysis",
    "site",
    "flare.severity",
)
# The only inputs whose absence leaves the doses visible, by the specification: signs of an infection or an emergency
# (the first option waits for them), potassium, QTc and blood pressure (baseline tasks), and the genes of a patient who
# took a thiopurine before (rule A, with a caution).
KEEPING_DOSES = (
    "screening.infection_suspected",
    "flare.findings",
    "vitals.temperature_c",
    "labs.potassium",
    "vitals.qtc_ms",
    "vitals.systolic_bp",
    "vitals.diastolic_bp",
    "pharmacogenetics.tpmt",
    "pharmacogenetics.nudt15",
)
# The one place where the word `unknown` says more than silence: it is not answered by an empty list of findings.
_ANSWERED_ELSEWHERE = ("condition", "ascites")
# A temperature is asked for by what it would show.
_ASKED_AS = {"vitals.temperature_c": "flare.findings"}
# Baseline tasks that supply an input which does not make an option wait.
_TASKS = {"vitals.diastolic_bp": "blood_pressure", "vitals.systolic_bp": "blood_pressure"}


def removals(whole: Body) -> Iterator[tuple[str, Body]]:
    """Yield the name of each input that can be left out, with the episode without it."""
    for section, value in whole.items():
        if section not in ("patient", "condition"):
            yield section, _without(whole, section)
        if section == "labs":
            yield from _results(whole)
        elif isinstance(value, dict):
            names = [name for name in value if name not in _REQUIRED and not _says_unknown(section, name, value)]
            yield from ((f"{section}.{name}", _less(whole, section, name)) for name in names)
        elif isinstance(value, list):
            yield from _of_items(whole, section)


def has_default(name: str) -> bool:
    """Whether the episode says something definite where the input, or what it is part of, is left out."""
    return any(name == place or name.startswith(f"{place}.") or place.startswith(f"{name}.") for place in DEFAULTED)


def keeps_doses(name: str) -> bool:
    """Whether the input, or what it is part of, may be unknown beside a dose that it could forbid."""
    return any(place == name or place.startswith(f"{name}.") for place in KEEPING_DOSES)


def asked_for(name: str, plan: dict[str, Any]) -> bool:
    """Whether the plan names the input among its missing data, or has a baseline task that supplies it."""
    paths = {item["path"] for item in plan["missing_data"]}
    below = any(path.startswith(f"{name}.") for path in paths)
    tasks = {item["code"] for item in plan["tasks"]}
    return name in paths or below or _ASKED_AS.get(name) in paths or _TASKS.get(name) in tasks


def _says_unknown(section: str, name: str, part: Body) -> bool:
    return (section, name) == _ANSWERED_ELSEWHERE and part[name] == "unknown"


def _results(whole: Body) -> Iterator[tuple[str, Body]]:
    for analyte in sorted({item["analyte"] for item in whole["labs"]}):
        own = [item for item in whole["labs"] if item["analyte"] == analyte]
        others = [item for item in whole["labs"] if item["analyte"] != analyte]
        yield f"labs.{analyte}", {**whole, "labs": others}
        for name in sorted({key for item in own for key in item} - _LAB_REQUIRED):
            less = [_without(item, name) for item in own]
            yield f"labs.{analyte}.{name}", {**whole, "labs": [*others, *less]}


def _of_items(whole: Body, section: str) -> Iterator[tuple[str, Body]]:
    for index, item in enumerate(whole[section]):
        for name in item if isinstance(item, dict) else ():
            if name not in _REQUIRED:
                less = deepcopy(whole)
                del less[section][index][name]
                yield f"{section}[].{name}", less


def _less(whole: Body, section: str, name: str) -> Body:
    return {**whole, section: _without(whole[section], name)}


def _without(part: Body, name: str) -> Body:
    return {key: value for key, value in part.items() if key != name}
