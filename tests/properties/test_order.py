"""The same facts give the same plan: byte for byte when sent again, in its decisions when sent in another order."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.episodes import Body, bodies
from tests.properties.shown import Plan, plan_of, shown, written

_LISTS = ("labs", "medications", "prior_treatments", "allergies", "comorbidities")


@st.composite
def in_another_order(draw: st.DrawFn) -> tuple[Body, Body]:
    """Return an episode, and the same with its lists shuffled."""
    whole = draw(bodies())
    shuffled = {name: draw(st.permutations(whole[name])) for name in _LISTS if whole.get(name)}
    return whole, {**whole, **shuffled}


@given(in_another_order())
def test_neither_time_nor_order_changes_what_is_decided(case: tuple[Body, Body]) -> None:
    whole, shuffled = case
    assert written(whole) == written(whole)
    assert decided(plan_of(whole)) == decided(plan_of(shuffled))


def decided(plan: Plan) -> dict[str, Any]:
    """Return what a plan decides, without the order in which it names things."""
    return {
        "disposition": plan["disposition"],
        "severity": (plan["severity"]["tier"], plan["severity"]["severe"]),
        "standings": [(option["id"], option["standing"], option["rank"]) for option in plan["options"]],
        "doses": [(entry.drug, entry.numbers, entry.item["tablets"]) for entry in shown(plan)],
        "blocks": [sorted(remark["code"] for remark in option["blocks"]) for option in plan["options"]],
        "conditions": [sorted(remark["code"] for remark in option["conditions"]) for option in plan["options"]],
        "verdicts": [(row["id"], row["verdict"]) for row in plan["statements"]],
        "tasks": [(task["code"], task["due_on"]) for task in plan["tasks"]],
        "taper": plan["taper"],
    }
