"""What treatment under way changes about the options: the one followed goes on, the others wait for a reason."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.clinical.progress import Course, Following
from app.clinical.vocabulary import Response
from app.facts.course import (
    FAILING,
    RESPONDING,
    STANDARD_THERAPY,
    adherence,
    failed_standard_therapy,
    latest_response,
    level_index,
    on_standard_therapy,
)
from app.rules.options.draft import Arithmetic, Dose, Draft, gather
from app.rules.rule import Caution, Condition, Finding, NotIndicated, Reason, rule

# Results that are due again: a running dose is not stopped because they are, they are asked for.
_DUE_AGAIN = frozenset(
    {"BILIRUBIN_MISSING", "BLOOD_COUNT_MISSING", "KIDNEY_FUNCTION_UNKNOWN", "LIVER_FUNCTION_UNKNOWN"}
)
_NO_LONGER_ENOUGH: frozenset[Response | None] = FAILING | {"relapse"}


def adapt(
    draft: Draft,
    course: Course,
    doses: Mapping[str, Decimal],
    began_on: date | None,
    *,
    refractory: bool | None = None,
) -> Draft:
    """Return an option as it stands under treatment. `doses` are those of the present level, mg per day.

    `refractory`: standard therapy failed, by the record or by the course; None is unknown.
    """
    following = course.following
    if following is None or draft.blocked:
        return draft
    if draft.id != following.option_id:
        return _other(draft, course, refractory=bool(refractory))
    began = {dose.drug: _began_on(dose.drug, began_on, following) for dose in draft.doses}
    return _followed(draft, course, doses, began)


def _other(draft: Draft, course: Course, *, refractory: bool) -> Draft:
    """Return an option beside the treatment.

    On a later line the first one is not proposed again after its failure, and a relapse proposes nothing by itself.
    """
    failed = refractory or failed_standard_therapy(course)
    again = draft.id in STANDARD_THERAPY and not on_standard_therapy(course) and failed
    favoured = draft.favoured and not again and latest_response(course) != "relapse"
    found = () if draft.not_indicated else (*other_option_waits(course, draft), *adherence_denied(course, draft))
    return replace(draft, findings=gather(draft.findings, found), favoured=favoured)


def _followed(draft: Draft, course: Course, doses: Mapping[str, Decimal], began: Mapping[str, date | None]) -> Draft:
    response = latest_response(course)
    findings = gather(followed(course), (_relaxed(item, doses) for item in draft.findings))
    return replace(
        draft,
        findings=findings,
        doses=tuple(_at_level(dose, doses, began[dose.drug], course) for dose in draft.doses),
        favoured=response not in _NO_LONGER_ENOUGH,
    )


def _relaxed(finding: Finding, doses: Mapping[str, Decimal]) -> Finding:
    """Return what speaks against a start in the form it has for a treatment under way."""
    if isinstance(finding, NotIndicated):
        return Caution(finding.code, finding.text, finding.cites, finding.rule)
    if isinstance(finding, Condition) and finding.code in _DUE_AGAIN and set(finding.withholds) <= doses.keys():
        return Caution(finding.code, f"Due again: {finding.text}", finding.cites, finding.rule)
    return finding


def _at_level(dose: Dose, doses: Mapping[str, Decimal], began_on: date | None, course: Course) -> Dose:
    """Return the drug at the dose of the present level; one without a schedule keeps its dose since treatment began.

    Until the dose it began with is left, its own calculation says most.
    """
    mg = doses.get(dose.drug)
    if mg is None or (mg == dose.mg_per_day and level_index(course) == 0):
        return replace(dose, starts_on=began_on)
    sums = Arithmetic("treatment_followed", ("S07", "P-taper", "P-assessment"))
    sums.line(f"level {level_index(course)} of the schedule that is followed", mg, "mg/d")
    return replace(dose, mg_per_day=mg, calculation=tuple(sums.lines), starts_on=began_on)


def _began_on(drug: str, level_on: date | None, following: Following) -> date | None:
    """Return the first day of the present dose; a drug that had to wait joined in the midst of a level."""
    days = (level_on, following.joined_on.get(drug))
    return max((day for day in days if day is not None), default=None)


@rule("treatment_followed", cites=("P-assessment", "S07"))
def followed(course: Course) -> Iterator[Reason]:
    """Is this the option that is followed, and does it work?"""
    response = latest_response(course)
    if response in _NO_LONGER_ENOUGH:
        yield Reason(
            "COURSE_FAILING", "Followed, but it does not do: it goes on until a clinician decides what is next."
        )
    else:
        yield Reason("COURSE_FOLLOWED", "Followed since treatment began; doses are those of the present step.")


@rule("other_option_waits", cites=("P-assessment", "P-steroid-choice"))
def other_option_waits(course: Course, draft: Draft) -> Iterator[Condition]:
    """Would an option be started afresh although the treatment under way works?"""
    if latest_response(course) in RESPONDING:
        yield Condition(
            "TREATMENT_UNDER_WAY",
            "The treatment under way works: a start dose for a flare is not proposed beside it.",
            withholds=tuple(dose.drug for dose in draft.doses),
            until="a clinician decides to change treatment",
        )


@rule("adherence_denied", cites=("C23", "P-assessment"))
def adherence_denied(course: Course, draft: Draft) -> Iterator[Condition]:
    """Would another option be started because of a treatment that is not taken?

    An urgent escalation does not wait for the answer.
    """
    if adherence(course) is False and latest_response(course) in FAILING - {"escalate_urgent"}:
        yield Condition(
            "ADHERENCE_DENIED",
            "The drugs are not taken as prescribed: a treatment that is not taken has not failed.",
            withholds=tuple(dose.drug for dose in draft.doses),
            until="the drugs were taken as prescribed and the tests repeated",
        )
