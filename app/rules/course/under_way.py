"""What treatment under way changes about the options: the one followed goes on, the others wait for a reason."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.clinical.progress import Course
from app.facts.course import FAILING, RESPONDING, latest_response, level_index
from app.rules.options.draft import Arithmetic, Dose, Draft, gather
from app.rules.rule import Caution, Condition, Finding, Reason, rule

# Results that are due again: a running dose is not stopped because they are, they are asked for.
_DUE_AGAIN = frozenset(
    {"BILIRUBIN_MISSING", "BLOOD_COUNT_MISSING", "KIDNEY_FUNCTION_UNKNOWN", "LIVER_FUNCTION_UNKNOWN"}
)


def adapt(draft: Draft, course: Course, doses: Mapping[str, Decimal], began_on: date | None) -> Draft:
    """Return an option as it stands under treatment. `doses` are those of the present level, mg per day."""
    following = course.following
    if following is None or draft.blocked or draft.not_indicated:
        return draft
    if draft.id != following.option_id:
        return replace(draft, findings=gather(draft.findings, other_option_waits(course, draft)))
    return _followed(draft, course, doses, began_on)


def _followed(draft: Draft, course: Course, doses: Mapping[str, Decimal], began_on: date | None) -> Draft:
    response = latest_response(course)
    findings = gather(followed(course), (_relaxed(item, doses) for item in draft.findings))
    return replace(
        draft,
        findings=findings,
        doses=tuple(_at_level(dose, doses, began_on, course) for dose in draft.doses),
        favoured=response in RESPONDING or (draft.favoured and response not in FAILING),
    )


def _relaxed(finding: Finding, doses: Mapping[str, Decimal]) -> Finding:
    if isinstance(finding, Condition) and finding.code in _DUE_AGAIN and set(finding.withholds) <= doses.keys():
        return Caution(finding.code, f"Due again: {finding.text}", finding.cites, finding.rule)
    return finding


def _at_level(dose: Dose, doses: Mapping[str, Decimal], began_on: date | None, course: Course) -> Dose:
    """Return the drug at the dose of the present level; a drug whose dose was never known keeps what it has."""
    mg = doses.get(dose.drug)
    if mg is None:
        return dose
    sums = Arithmetic("treatment_followed", ("S07", "P-taper", "P-assessment"))
    sums.line(f"level {level_index(course)} of the schedule that is followed", mg, "mg/d")
    return replace(dose, mg_per_day=mg, calculation=tuple(sums.lines), starts_on=began_on)


@rule("treatment_followed", cites=("P-assessment", "S07"))
def followed(course: Course) -> Iterator[Reason]:
    """Is this the option that is followed, and does it work?"""
    response = latest_response(course)
    if response in FAILING:
        yield Reason("COURSE_FAILING", "Followed, but it does not do: it goes on until the next line is decided.")
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
