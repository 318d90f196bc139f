import pytest

from app.knowledge.entries import Parameter, Policy
from app.knowledge.faults import Fault
from app.knowledge.rows import PARAMETERS, TABLES, WHOLE_NUMBERS, Placed, build


def test_the_key_of_a_row_becomes_its_id() -> None:
    said = {"dose_mg": {"value": "0.075", "unit": "mg/kg/d", "cites": ["S10"]}}
    (placed,) = build(PARAMETERS, "parameters/a.yaml", said)
    assert isinstance(placed, Placed)
    assert isinstance(placed.row, Parameter)
    assert (placed.id, placed.row.name, str(placed.row.value)) == ("dose_mg", "dose_mg", "0.075")


def test_a_policy_is_only_its_title() -> None:
    (placed,) = build(TABLES["policies"], "policies.yaml", {"P-dose": "Section 3"})
    assert placed == Placed("policies.yaml", "P-dose", Policy(id="P-dose", title="Section 3"))


def test_a_row_that_repeats_its_id_is_refused() -> None:
    said = {"dose_mg": {"name": "dose_mg", "value": "1", "unit": "mg", "cites": ["S10"]}}
    found = list(build(PARAMETERS, "parameters/a.yaml", said))
    assert Fault("parameters/a.yaml", "dose_mg", "`name` is already given by the key of the row") in found


@pytest.mark.parametrize("content", [None, "text", 3, ["a"]])
def test_a_row_without_properties_is_refused(content: object) -> None:
    assert list(build(PARAMETERS, "a.yaml", {"x": content})) == [Fault("a.yaml", "x", "is not a row of properties")]


def test_a_parameter_without_a_source_is_refused() -> None:
    (fault,) = build(PARAMETERS, "a.yaml", {"x": {"value": "1", "unit": "mg", "cites": []}})
    assert "`cites`" in str(fault)


def test_an_unquoted_number_is_refused_where_a_decimal_is_read_however_deep() -> None:
    content = {"title": "T", "units": [{"code": "U/L", "factor": 10}], "stable_days": 14}
    messages = [str(item) for item in build(TABLES["analytes"], "analytes.yaml", {"alt": content})]
    assert "analytes.yaml: alt: `factor` holds a number without quotes; write the decimal in quotes" in messages
    assert not any("stable_days" in message for message in messages)


def test_only_counted_things_may_stand_without_quotes() -> None:
    days = {"stable_days", "flare_days", "due_days", "after_days", "repeat_days"}
    assert days | {"line", "references", "year", "number"} == WHOLE_NUMBERS


def test_a_truth_value_is_not_a_number() -> None:
    content = {"title": "T", "dose_emitted": True}
    messages = [str(item) for item in build(TABLES["drugs"], "drugs.yaml", {"prednisone": content})]
    assert not any("dose_emitted" in message for message in messages)
