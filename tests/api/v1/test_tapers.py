"""Tapers over HTTP."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import posted

COMBINATION = {
    "option_id": "prednisone_azathioprine",
    "drug_doses": {"prednisone": 30, "azathioprine": 100},
    "weight_kg": 58,
    "start_on": "2026-01-31",
}


async def test_a_taper_is_answered_as_the_schedule_itself(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/tapers", **posted(COMBINATION))
    assert answer.status_code == 200
    assert [step["starts_on"] for step in answer.json()["steps"]] == ["2026-01-31", "2026-03-02", "2026-04-02"]
    assert [step["doses"]["prednisone"] for step in answer.json()["steps"]] == [30, 20, 10]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"step_mg": {"prednisone": 20}}, "TAPER_TOO_FAST"),
        ({"condition": "uveitis"}, "STEP_AND_FLOOR_REQUIRED"),
        ({"drug_doses": {"tacrolimus": 4}, "option_id": None, "end_on": "2026-02-10"}, "TACROLIMUS_TAPER_TOO_SHORT"),
    ],
)
async def test_a_schedule_that_is_not_safe_is_refused_with_its_code(
    client: httpx.AsyncClient, changes: dict[str, Any], code: str
) -> None:
    answer = await client.post("/v1/tapers", **posted(COMBINATION | changes))
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["type"]) == (422, code, f"/problems/{code}")
    assert code in [fault["code"] for fault in problem["errors"]]
    assert (await client.get(problem["type"])).json()["title"] == problem["title"]


async def test_the_first_problem_with_a_kind_of_its_own_names_the_refusal(client: httpx.AsyncClient) -> None:
    both = {"condition": "myasthenia_gravis", "drug_doses": {"prednisone": 30}, "option_id": None}
    answer = await client.post("/v1/tapers", **posted(COMBINATION | both))
    codes = [fault["code"] for fault in answer.json()["errors"]]
    assert codes == ["HIGH_START_IN_MYASTHENIA", "STEP_AND_FLOOR_REQUIRED", "STEP_AND_FLOOR_REQUIRED"]
    assert answer.json()["code"] == "STEP_AND_FLOOR_REQUIRED"


async def test_any_other_refusal_is_called_what_it_is(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/tapers", **posted(COMBINATION | {"override_reason": "other"}))
    assert (answer.status_code, answer.json()["code"]) == (422, "TAPER_REFUSED")
    assert [fault["code"] for fault in answer.json()["errors"]] == ["OVERRIDE_NOTE_REQUIRED"]


async def test_an_invalid_taper_is_refused_with_its_pointer(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/tapers", **posted(COMBINATION | {"drug_doses": {"prednisone": "30"}}))
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/drug_doses/prednisone"]


@pytest.mark.parametrize(
    ("step", "pointer", "code"),
    [
        ("5", "/step_mg", "WRONG_TYPE"),
        (True, "/step_mg", "WRONG_TYPE"),
        ([5], "/step_mg", "WRONG_TYPE"),
        (0, "/step_mg", "OUT_OF_RANGE"),
        (5000.5, "/step_mg", "OUT_OF_RANGE"),
        ({"prednisone": "5"}, "/step_mg/prednisone", "WRONG_TYPE"),
        ({"prednisone": 0}, "/step_mg/prednisone", "OUT_OF_RANGE"),
    ],
)
async def test_a_step_is_a_number_or_an_object_of_numbers(
    client: httpx.AsyncClient, step: object, pointer: str, code: str
) -> None:
    answer = await client.post("/v1/tapers", **posted(COMBINATION | {"step_mg": step}))
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_BODY")
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]


async def test_one_number_is_taken_for_one_drug(client: httpx.AsyncClient) -> None:
    alone = {"drug_doses": {"prednisone": 40}, "start_on": "2026-03-01", "condition": "lupus_nephritis"}
    answer = await client.post("/v1/tapers", **posted(alone | {"step_mg": 10, "floor_mg": 20}))
    assert answer.status_code == 200
    assert [step["doses"]["prednisone"] for step in answer.json()["steps"]] == [40, 30, 20]
    assert answer.json()["steps"][-1]["status"] == "floor"
