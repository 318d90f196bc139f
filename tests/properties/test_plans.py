"""What holds of every plan whatever was sent. Each rule is checked from the plan alone, without the code behind it."""

from collections.abc import Callable
from typing import Any

from hypothesis import given

from tests.properties.episodes import KB, Body, bodies
from tests.properties.shown import Plan, dosed, leading, parts, plan_of, shown
from tests.properties.tablets import exact, made_of, stocked

_CALCINEURIN_INHIBITORS = {"tacrolimus", "cyclosporine"}
_NEEDS_LISTS = {"azathioprine", "mycophenolate", "tacrolimus", "cyclosporine"}
_THIRD_LINE = {"methotrexate", "cyclophosphamide", "sirolimus"}
_TELLS_A_DOSE = {
    "AZATHIOPRINE_GRADUAL_START": "azathioprine",
    "AZA_BELOW_1MGKG": "azathioprine",
    "CUMULATIVE_PREDNISONE": "prednisone",
    "PREDNISONE_BELOW_HALF_MGKG": "prednisone",
}
_CHOOSABLE = {"recommended", "alternative"}
_SAYS = (
    *("alerts", "checklist", "condition_policy", "conflicts", "duration", "escalation", "monitoring", "options"),
    *("referral", "scores", "severity", "taper", "tasks", "transplant", "trough_target", "withdrawal"),
)


def azathioprine_stays_below_its_ceiling(whole: Body, plan: Plan) -> None:
    for entry in dosed(plan, "azathioprine"):
        assert entry.mg is not None
        assert 0 < entry.mg <= min(150, 2 * whole["patient"]["weight_kg"])
        assert entry.mg % 25 == 0 or "DOSE_ROUNDED_TO_TABLETS" in codes(entry.option["cautions"])


def tacrolimus_stays_between_1_and_6_mg(whole: Body, plan: Plan) -> None:
    assert all(1 <= (entry.mg or 0) <= 6 for entry in dosed(plan, "tacrolimus"))


def two_calcineurin_inhibitors_never_meet(whole: Body, plan: Plan) -> None:
    for option in plan["options"]:
        drugs = {item["drug"] for item in option["medications"] if item["dose_mg_per_day"] is not None}
        assert len(drugs & _CALCINEURIN_INHIBITORS) <= 1
        assert not {"azathioprine", "mycophenolate"} <= drugs
    if running(whole, "cyclosporine"):
        assert dosed(plan, "tacrolimus") == []
    if running(whole, "tacrolimus"):
        assert all(not entry.numbers for entry in shown(plan) if entry.drug == "cyclosporine")


def cyclosporine_and_the_third_line_have_no_dose(whole: Body, plan: Plan) -> None:
    assert dosed(plan, "cyclosporine") == []
    assert all(not entry.numbers for entry in shown(plan) if entry.drug in _THIRD_LINE)


def only_a_plan_has_options(whole: Body, plan: Plan) -> None:
    assert (plan["disposition"] == "plan") is bool(plan["options"])
    assert plan["disposition"] == "plan" or plan["taper"] is None


def at_most_one_option_is_recommended_and_it_is_ranked_first(whole: Body, plan: Plan) -> None:
    recommended = [option["rank"] for option in plan["options"] if option["standing"] == "recommended"]
    assert recommended in ([], [1])
    ranked = [option["rank"] for option in plan["options"] if option["rank"] is not None]
    assert len(ranked) == len(set(ranked))
    assert all((option["rank"] is not None) is (option["standing"] in _CHOOSABLE) for option in plan["options"])


def a_blocked_option_shows_no_number(whole: Body, plan: Plan) -> None:
    hidden = [entry for entry in shown(plan) if entry.option["standing"] in ("blocked", "not_indicated")]
    assert all(not entry.numbers and entry.item["tablets"] == [] for entry in hidden)
    assert all(entry.item["calculation"] == [] and entry.option["taper"] is None for entry in hidden)
    assert all(bool(o["blocks"]) is (o["standing"] == "blocked") for o in plan["options"])


def no_caution_tells_a_number_that_is_withheld(whole: Body, plan: Plan) -> None:
    for option in plan["options"]:
        withheld = {item["drug"] for item in option["medications"] if item["dose_mg_per_day"] is None}
        told = {_TELLS_A_DOSE[code] for code in codes(option["cautions"]) if code in _TELLS_A_DOSE}
        assert not told & withheld


def an_option_that_waits_says_for_what(whole: Body, plan: Plan) -> None:
    assert all(option["conditions"] for option in plan["options"] if option["standing"] == "conditional")
    assert not any(option["conditions"] for option in plan["options"] if option["standing"] in _CHOOSABLE)


def an_option_to_choose_has_the_dose_it_stands_for(whole: Body, plan: Plan) -> None:
    choosable = [entry for entry in leading(plan).values() if entry.option["standing"] in _CHOOSABLE]
    assert all(entry.numbers or entry.option["specialist_dose"] for entry in choosable)


def an_absent_list_withholds_what_it_could_forbid(whole: Body, plan: Plan) -> None:
    if whole.get("medications") is None or whole.get("allergies") is None:
        assert not any(entry.numbers for entry in shown(plan) if entry.drug in _NEEDS_LISTS)


def an_infection_keeps_everything_waiting(whole: Body, plan: Plan) -> None:
    suspected = (whole.get("screening") or {}).get("infection_suspected")
    fever = ((whole.get("vitals") or {}).get("temperature_c") or 0) >= 38
    fever = fever or "fever" in ((whole.get("flare") or {}).get("findings") or [])
    standings = {option["standing"] for option in plan["options"]}
    if suspected or fever:
        assert standings <= {"blocked", "not_indicated"}
    if suspected is None:
        assert "recommended" not in standings


def every_dose_is_made_of_tablets_at_hand(whole: Body, plan: Plan) -> None:
    for entry in shown(plan):
        if entry.mg is not None:
            stock = stocked(entry.drug, whole.get("site") or {}, KB)
            assert made_of(entry.item["tablets"], entry.mg, stock)
            assert exact(entry.item["dose_mg_per_intake"]) * entry.item["intakes_per_day"] == exact(entry.mg)
            assert stock.can_make(entry.item["dose_mg_per_intake"])


def every_item_cites_and_every_dose_shows_its_sum(whole: Body, plan: Plan) -> None:
    assert [item for section in _SAYS for item in as_list(plan[section]) if not item["citations"]] == []
    for option in plan["options"]:
        remarks = [remark for kind in ("reasons", "blocks", "cautions", "conditions") for remark in option[kind]]
        assert all(remark["citations"] and remark["rule"] for remark in remarks)
    assert all(entry.item["calculation"] for entry in shown(plan) if entry.mg is not None)


def everything_cited_resolves_to_something_that_may_be_cited(whole: Body, plan: Plan) -> None:
    resolved = {citation["id"] for citation in plan["citations"]}
    for part in parts({**plan, "citations": []}):
        if part.get("citations"):
            assert set(part["citations"]) <= resolved
    assert resolved <= KB.statements.keys() | KB.conflicts.keys() | KB.policies.keys() | KB.references.keys()
    assert not {key for key in resolved & KB.references.keys() if KB.references[key].grade == "R"}


def every_statement_has_a_verdict(whole: Body, plan: Plan) -> None:
    assert [row["id"] for row in plan["statements"]] == [f"S{number:02d}" for number in range(1, 50)]


HOLDS: tuple[Callable[[Body, Plan], None], ...] = (
    azathioprine_stays_below_its_ceiling,
    tacrolimus_stays_between_1_and_6_mg,
    two_calcineurin_inhibitors_never_meet,
    cyclosporine_and_the_third_line_have_no_dose,
    only_a_plan_has_options,
    at_most_one_option_is_recommended_and_it_is_ranked_first,
    a_blocked_option_shows_no_number,
    no_caution_tells_a_number_that_is_withheld,
    an_option_that_waits_says_for_what,
    an_option_to_choose_has_the_dose_it_stands_for,
    an_absent_list_withholds_what_it_could_forbid,
    an_infection_keeps_everything_waiting,
    every_dose_is_made_of_tablets_at_hand,
    every_item_cites_and_every_dose_shows_its_sum,
    everything_cited_resolves_to_something_that_may_be_cited,
    every_statement_has_a_verdict,
)


def codes(remarks: list[dict[str, Any]]) -> set[str]:
    return {remark["code"] for remark in remarks}


def as_list(section: Any) -> list[dict[str, Any]]:
    """Return the items of a section of a plan; a section that is one item is a list of it, an absent one is empty."""
    return section if isinstance(section, list) else [section] if section else []


def running(whole: Body, drug: str) -> bool:
    """Whether a drug is listed under any of its names and not stopped before treatment starts."""
    start = whole.get("start_on") or whole.get("as_of")
    listed = [item for item in whole.get("medications") or [] if KB.names.get(item["drug"].lower()) == drug]
    return any(item.get("stopped_on", "2999") >= start for item in listed)


@given(bodies())
def test_every_plan_keeps_every_promise(whole: Body) -> None:
    plan = plan_of(whole)
    for promise in HOLDS:
        promise(whole, plan)
