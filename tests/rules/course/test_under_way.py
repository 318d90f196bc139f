"""What treatment under way changes about an option: the one followed goes on, the others wait for a reason."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.clinical.progress import Course
from app.clinical.vocabulary import OptionId
from app.rules.course.under_way import adapt
from app.rules.options.draft import Arithmetic, Dose, Draft
from app.rules.rule import Block, Caution, Condition, Finding, NotIndicated
from tests.treatment import COMBINATION, START, following, on_day, stepped, visit

LEVEL = {"prednisone": Decimal(20), "azathioprine": Decimal(100)}


def draft(option_id: OptionId = "prednisone_azathioprine", *findings: Finding, **changes: Any) -> Draft:
    doses = (Dose("prednisone", Decimal(30)), Dose("azathioprine", Decimal(150)))
    return replace(Draft(option_id, option_id, ("S01",), findings, doses, favoured=True), **changes)


def course(response: str | None = None, *, confirmed: bool | None = True, **changes: Any) -> Course:
    visits = () if response is None else (visit(28, response=response, adherence_confirmed=confirmed),)
    return Course(following=following(*COMBINATION, **changes), visits=visits, steps=stepped(31))


def codes(found: Draft, kind: type[Finding]) -> list[str]:
    return [finding.code for finding in found.findings if isinstance(finding, kind)]


def adapted(known: Draft, under_way: Course) -> Draft:
    return adapt(known, under_way, LEVEL, on_day(31))


def test_the_option_followed_has_the_doses_of_the_present_level_since_its_day() -> None:
    found = adapted(draft(), course("response"))
    assert [(dose.drug, dose.mg_per_day, dose.starts_on) for dose in found.doses] == [
        ("prednisone", Decimal(20), on_day(31)),
        ("azathioprine", Decimal(100), on_day(31)),
    ]
    assert [[(line.step, line.value, line.unit) for line in dose.calculation] for dose in found.doses] == [
        [("level 1 of the schedule that is followed", Decimal(mg), "mg/d")] for mg in (20, 100)
    ]


def test_a_drug_without_a_schedule_keeps_its_dose_since_treatment_began() -> None:
    found = adapt(draft(), course(), {}, START)
    assert [(dose.mg_per_day, dose.starts_on) for dose in found.doses] == [(Decimal(30), START), (Decimal(150), START)]
    unknown = adapt(draft(), course(), {}, None)
    assert [dose.starts_on for dose in unknown.doses] == [None, None]


def test_until_the_dose_it_began_with_is_left_its_own_calculation_says_most() -> None:
    own = Arithmetic("azathioprine_dose", ("S02",))
    own.line("per kg", Decimal(150), "mg/d")
    dose = Dose("azathioprine", Decimal(150), calculation=tuple(own.lines))

    def rules(mg: int, *steps: int) -> list[str]:
        under_way = Course(following=following(*COMBINATION), steps=stepped(*steps))
        (found,) = adapt(draft(doses=(dose,)), under_way, {"azathioprine": Decimal(mg)}, START).doses
        return [line.rule for line in found.calculation]

    assert rules(150) == ["azathioprine_dose"]
    assert rules(125) == rules(150, 31) == ["treatment_followed"]


def test_a_drug_that_had_to_wait_has_its_dose_since_it_joined() -> None:
    under_way = Course(following=following(*COMBINATION, joined_on={"azathioprine": on_day(14).isoformat()}))
    for level_on, days in ((START, (0, 14)), (on_day(31), (31, 31))):
        found = adapt(draft(), under_way, LEVEL, level_on)
        assert [dose.starts_on for dose in found.doses] == [on_day(day) for day in days]


@pytest.mark.parametrize(
    ("response", "favoured", "reason"),
    [
        (None, True, "COURSE_FOLLOWED"),
        ("not_interpretable", True, "COURSE_FOLLOWED"),
        ("indeterminate", True, "COURSE_FOLLOWED"),
        ("effective_short_term", True, "COURSE_FOLLOWED"),
        ("response", True, "COURSE_FOLLOWED"),
        ("complete_response", True, "COURSE_FOLLOWED"),
        ("loss_of_remission", True, "COURSE_FOLLOWED"),
        ("relapse", False, "COURSE_FAILING"),
        ("escalate", False, "COURSE_FAILING"),
        ("escalate_urgent", False, "COURSE_FAILING"),
        ("non_response", False, "COURSE_FAILING"),
        ("insufficient_response", False, "COURSE_FAILING"),
    ],
)
def test_what_is_followed_comes_first_until_it_is_no_longer_enough(
    response: str | None, favoured: bool, reason: str
) -> None:
    for known in (draft(), draft(favoured=False)):
        found = adapted(known, course(response))
        assert (found.favoured, found.findings[0].code) == (favoured, reason)


def test_what_speaks_against_a_start_is_a_caution_once_treatment_is_under_way() -> None:
    due = (
        Condition("BILIRUBIN_MISSING", "unknown", withholds=("azathioprine",)),
        Condition("BLOOD_COUNT_MISSING", "unknown", withholds=("prednisone", "azathioprine")),
        Condition("KIDNEY_FUNCTION_UNKNOWN", "unknown", withholds=("prednisone",)),
        Condition("LIVER_FUNCTION_UNKNOWN", "unknown"),
    )
    found = adapted(draft("prednisone_azathioprine", NotIndicated("IN_REMISSION", "remission"), *due), course())
    assert not found.not_indicated
    assert found.conditions == ()
    assert codes(found, Caution) == ["IN_REMISSION", *(condition.code for condition in due)]


@pytest.mark.parametrize(
    "condition",
    [
        Condition("TPMT_UNKNOWN", "unknown", withholds=("azathioprine",)),
        Condition("BILIRUBIN_MISSING", "unknown", withholds=("tacrolimus",)),
    ],
)
def test_any_other_condition_stays(condition: Condition) -> None:
    said = Caution(condition.code, "said beside it")
    found = adapted(draft("prednisone_azathioprine", condition, said), course())
    assert found.findings[1:] == (condition, said)


def test_a_block_and_an_unknown_treatment_leave_an_option_as_it_is() -> None:
    blocked = draft("prednisone_azathioprine", Block("CYTOPENIA", "low"))
    assert adapted(blocked, course()) is blocked
    assert adapted(draft(), Course()) == draft()


@pytest.mark.parametrize(
    ("response", "confirmed", "expected"),
    [
        ("complete_response", False, ["TREATMENT_UNDER_WAY"]),
        ("response", True, ["TREATMENT_UNDER_WAY"]),
        ("indeterminate", None, []),
        ("relapse", False, []),
        ("non_response", None, []),
        ("non_response", True, []),
        ("non_response", False, ["ADHERENCE_DENIED"]),
        ("escalate_urgent", False, []),
    ],
)
def test_another_option_waits_while_treatment_works_or_is_not_taken(
    response: str, confirmed: bool | None, expected: list[str]
) -> None:
    said = Caution("OSTEOPOROSIS", "said beside it")
    found = adapted(draft("prednisone_monotherapy", said), course(response, confirmed=confirmed))
    assert found.findings[0] == said
    assert codes(found, Condition) == expected
    assert [bool(item.until) for item in found.conditions] == [True] * len(expected)
    assert [item.withholds for item in found.conditions] == [("prednisone", "azathioprine")] * len(expected)
    assert [dose.mg_per_day for dose in found.doses] == [Decimal(30), Decimal(150)]


def test_an_option_that_is_not_indicated_does_not_wait_as_well() -> None:
    out = draft("prednisone_monotherapy", NotIndicated("SECOND_LINE", "not failed"))
    assert adapted(out, course("complete_response")).conditions == ()


@pytest.mark.parametrize(
    ("option_id", "followed", "failed", "favoured"),
    [
        ("prednisone_azathioprine", "add_mycophenolate", True, False),
        ("prednisone_monotherapy", "add_mycophenolate", True, False),
        ("prednisone_azathioprine", "add_mycophenolate", False, True),
        ("tacrolimus_restart", "add_mycophenolate", True, True),
        ("prednisone_azathioprine", "prednisone_monotherapy", True, True),
    ],
)
def test_the_first_line_is_not_proposed_again_on_a_later_one_after_its_failure(
    option_id: OptionId, followed: str, failed: bool, favoured: bool
) -> None:
    earlier = (visit(-1, response="non_response" if failed else "response"),)
    under_way = Course(following=following(option_id=followed), visits=earlier)
    assert adapted(draft(option_id), under_way).favoured is favoured
    assert not adapted(draft(option_id, favoured=False), under_way).favoured


def test_where_one_form_of_the_first_line_fails_the_other_may_still_come_first() -> None:
    failed = course("non_response", option_id="prednisone_monotherapy")
    assert adapted(draft("prednisone_azathioprine"), failed).favoured


@pytest.mark.parametrize(
    ("option_id", "followed", "refractory", "favoured"),
    [
        ("prednisone_azathioprine", "tacrolimus_restart", True, False),
        ("prednisone_monotherapy", "tacrolimus_restart", True, False),
        ("prednisone_azathioprine", "tacrolimus_restart", False, True),
        ("prednisone_azathioprine", "tacrolimus_restart", None, True),
        ("prednisone_azathioprine", "prednisone_monotherapy", True, True),
        ("tacrolimus_restart", "add_mycophenolate", True, True),
    ],
)
def test_a_failure_on_record_keeps_the_first_line_from_coming_first_on_a_later_one(
    option_id: OptionId, followed: str, refractory: bool | None, favoured: bool
) -> None:
    known = course("non_response", option_id=followed)
    assert adapt(draft(option_id), known, LEVEL, on_day(31), refractory=refractory).favoured is favoured


@pytest.mark.parametrize("option_id", ["prednisone_monotherapy", "tacrolimus_restart", "add_mycophenolate"])
@pytest.mark.parametrize(("response", "favoured"), [("relapse", False), ("loss_of_remission", True)])
def test_after_a_relapse_nothing_comes_first_by_itself(option_id: OptionId, response: str, favoured: bool) -> None:
    assert adapted(draft(option_id), course(response)).favoured is favoured
