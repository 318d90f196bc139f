"""What must hold of everything that is kept of a course, whatever was sent in whatever order."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

Plan = dict[str, Any]


def present_plans(plans: list[Plan]) -> list[Plan]:
    """Return the plans that no other has replaced."""
    return [plan for plan in plans if plan["status"] != "superseded"]


def broken_links(plans: list[Plan]) -> list[int]:
    """Return the revisions that do not lead to their successor."""
    return [
        plan["revision"] for plan, later in pairwise(plans) if plan["superseded_by"] != later["id"] or not plan["id"]
    ]


def rising_steps(plans: list[Plan]) -> list[tuple[int, str]]:
    """Return each revision and drug whose schedule goes up from one step to the next."""
    return [
        (plan["revision"], drug)
        for plan in plans
        if plan["taper"]
        for step, later in pairwise(plan["taper"]["steps"])
        for drug, mg in later["doses"].items()
        if mg > step["doses"].get(drug, mg)
    ]


def unexplained_changes(plans: list[Plan], opened: set[int]) -> list[int]:
    """Return the revisions that changed a dose of the followed treatment although nothing had opened a step.

    `opened` holds the revisions written by an assessment whose gates were open or by a recorded override. Another
    option, and a ceiling that came down with a changed fact, are other treatments, not steps.
    """
    return [
        later["revision"]
        for before, later in _under_one_treatment(plans)
        if _dose(before) != _dose(later) and later["revision"] not in opened
    ]


def raised_doses(plans: list[Plan], limited_anew: set[int]) -> list[int]:
    """Return the revisions in which a drug of the followed treatment is dosed higher than before.

    `limited_anew` holds the revisions written by a change of a fact that sets a ceiling: one that is lifted gives back
    the dose that was accepted, and nothing above it.
    """
    return [
        later["revision"]
        for before, later in _under_one_treatment(plans)
        if _exceeds(_dose(later), _highest(plans, later) if later["revision"] in limited_anew else _dose(before))
    ]


def _exceeds(doses: dict[str, float], limits: dict[str, float]) -> bool:
    return any(mg > limits.get(drug, mg) for drug, mg in doses.items())


def _highest(plans: list[Plan], later: Plan) -> dict[str, float]:
    """Return the highest dose of each drug in the schedules before this one, mg per day."""
    highest: dict[str, float] = {}
    for plan in plans[: later["revision"] - 1]:
        for step in plan["taper"]["steps"] if plan["taper"] else ():
            highest |= {drug: max(mg, highest.get(drug, mg)) for drug, mg in step["doses"].items()}
    return highest


def _under_one_treatment(plans: list[Plan]) -> Iterator[tuple[Plan, Plan]]:
    for before, later in pairwise(plans):
        if before["taper"] and later["taper"] and _treatment(before) == _treatment(later) is not None:
            yield before, later


def _treatment(plan: Plan) -> tuple[str, str] | None:
    progress = plan["progress"]
    return None if not progress or not progress["option_id"] else (progress["option_id"], progress["started_on"])


def _dose(plan: Plan) -> dict[str, float]:
    """Return the doses that are being taken, mg per day."""
    now = next(step for step in plan["taper"]["steps"] if step["status"] in ("current", "floor"))
    doses: dict[str, float] = now["doses"]
    return doses
