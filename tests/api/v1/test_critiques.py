"""Critiques over HTTP."""

from typing import Any, get_args

import httpx
import pytest

from app.clinical.vocabulary import Frequency
from tests.api.conftest import Count, posted
from tests.builders import body, lab

ORDER = {"medications": [{"drug": "azathioprine", "dose_mg_per_day": 175}]}


async def test_findings_are_answered_with_code_severity_text_and_citations(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/critiques", **posted({"episode": body(), "proposal": ORDER}))
    assert answer.status_code == 200
    (finding,) = answer.json()["findings"]
    assert (finding["code"], finding["severity"]) == ("AZATHIOPRINE_OVER_CEILING", "critical")
    assert {"S02", "C04"} <= set(finding["citations"]) <= {item["id"] for item in answer.json()["citations"]}


async def test_nothing_is_stored(stored: httpx.AsyncClient, count_rows: Count) -> None:
    await stored.post("/v1/critiques", **posted({"episode": body(), "proposal": ORDER}))
    assert await count_rows() == 0


@pytest.mark.parametrize(
    ("sent", "pointer", "code"),
    [
        ({"proposal": ORDER}, "/episode", "MISSING"),
        ({"episode": body()}, "/proposal", "MISSING"),
        ({"episode": body(), "proposal": {}}, "/proposal/medications", "MISSING"),
        (
            {"episode": body(), "proposal": {"medications": [{"drug": "prednisone", "frequency": "often"}]}},
            "/proposal/medications/0/frequency",
            "NOT_IN_LIST",
        ),
        ({"episode": body(), "proposal": {**ORDER, "route": "oral"}}, "/proposal/route", "UNKNOWN_PROPERTY"),
        ({"episode": body(patient={"sex": "x"}), "proposal": ORDER}, "/episode/patient/sex", "NOT_IN_LIST"),
        (
            {"episode": body(labs=[lab("alt", 160, "mg/dL")]), "proposal": ORDER},
            "/episode/labs/0/unit",
            "UNIT_NOT_ACCEPTED",
        ),
        (
            {"episode": body(labs=[lab("alt", 160, "U/L"), lab("alt", 16, "U/L")]), "proposal": ORDER},
            "/episode/labs/0",
            "RESULTS_CONTRADICT",
        ),
    ],
)
async def test_what_is_wrong_is_named_with_its_place_in_the_body(
    client: httpx.AsyncClient, sent: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await client.post("/v1/critiques", **posted(sent))
    assert answer.status_code == 422
    assert (pointer, code) in [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


async def test_a_frequency_that_is_not_known_is_answered_with_those_that_are(client: httpx.AsyncClient) -> None:
    order = {"drug": "azathioprine", "dose_mg_per_day": 50, "frequency": "once_weekly"}
    answer = await client.post("/v1/critiques", **posted({"episode": body(), "proposal": {"medications": [order]}}))
    (fault,) = answer.json()["errors"]
    assert [word for word in get_args(Frequency) if f"'{word}'" not in fault["message"]] == []
