"""What a difference between two plans means for a patient."""

from typing import Any

import pytest

from app.planning.impact import Impact, impact
from tests.builders import body
from tests.properties.shown import Plan, plan_of

NOTHING = Impact(disposition=False, recommended_option=False, dose=False, verdicts=())


def drug(plan: Plan) -> dict[str, Any]:
    """Return the first drug of the first option: prednisone of the combination."""
    found: dict[str, Any] = plan["options"][0]["medications"][0]
    return found


@pytest.fixture
def plans() -> tuple[Plan, Plan]:
    """The plan of the whole patient, twice."""
    return plan_of(body()), plan_of(body())


def test_the_same_plan_changes_nothing(plans: tuple[Plan, Plan]) -> None:
    assert impact(*plans) == NOTHING


def test_a_text_changes_nothing_of_it(plans: tuple[Plan, Plan]) -> None:
    plans[1]["headline"] = plans[1]["options"][0]["title"] = "Another text."
    assert impact(*plans) == NOTHING


def test_another_order_of_options_changes_nothing_of_it(plans: tuple[Plan, Plan]) -> None:
    plans[1]["options"].reverse()
    assert impact(*plans) == NOTHING


def test_another_disposition_is_told(plans: tuple[Plan, Plan]) -> None:
    plans[1]["disposition"] = "refer"
    assert impact(*plans) == Impact(disposition=True, recommended_option=False, dose=False, verdicts=())


def test_another_recommendation_is_told(plans: tuple[Plan, Plan]) -> None:
    plans[1]["options"][0]["standing"] = "alternative"
    assert impact(*plans) == Impact(disposition=False, recommended_option=True, dose=False, verdicts=())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dose_mg_per_day", 29),
        ("dose_mg_per_day", None),
        ("dose_range_mg_per_day", {"low": 1, "high": 2}),
        ("dose_mg_per_intake", 15),
        ("intakes_per_day", 2),
        ("starts_on", "2026-03-11"),
        ("tablets", []),
    ],
)
def test_another_dose_is_told(plans: tuple[Plan, Plan], name: str, value: Any) -> None:
    drug(plans[1])[name] = value
    assert impact(*plans) == Impact(disposition=False, recommended_option=False, dose=True, verdicts=())


def test_an_option_that_shows_no_dose_may_come_and_go(plans: tuple[Plan, Plan]) -> None:
    plans[1]["options"] = [one for one in plans[1]["options"] if one["standing"] != "not_indicated"]
    assert len(plans[1]["options"]) < len(plans[0]["options"])
    assert impact(*plans) == NOTHING


@pytest.mark.parametrize("where", ["option", "plan"])
def test_another_level_of_a_schedule_is_another_dose(plans: tuple[Plan, Plan], where: str) -> None:
    holder = plans[1]["options"][0] if where == "option" else plans[1]
    holder["taper"]["steps"][1]["doses"]["prednisone"] = 1
    assert impact(*plans).dose


def test_a_schedule_that_is_gone_is_another_dose(plans: tuple[Plan, Plan]) -> None:
    plans[1]["taper"] = None
    assert impact(*plans).dose


def test_every_statement_that_is_judged_otherwise_is_named(plans: tuple[Plan, Plan]) -> None:
    for number in (6, 2):
        plans[1]["statements"][number]["verdict"] = "changed"
    plans[1]["statements"][4]["because"] = "For another reason."
    assert impact(*plans).verdicts == ("S03", "S07")


def test_a_plan_that_lacks_a_part_is_compared_by_what_it_has() -> None:
    assert impact({}, {}) == NOTHING
    assert impact({}, {"statements": [{"id": "S01", "verdict": "applies"}]}).verdicts == ("S01",)
