"""Assessments and decisions of a version that the caller names: made if it is the present one, with 412 otherwise."""

import asyncio
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.api.conftest import posted
from tests.builders import DAY, body, labs

ASSESSMENT = {"assessed_on": DAY, "labs": labs(), "findings": []}
ACCEPT = {"action": "accept", "option_id": "prednisone_azathioprine"}


class Patient:
    """A stored episode with its first plan."""

    def __init__(self, client: httpx.AsyncClient, created: Any) -> None:
        self._client = client
        self.episode, self.plan = f"/v1/episodes/{created['episode']['id']}", f"/v1/plans/{created['plan']['id']}"

    async def assess(self, if_match: str | None) -> httpx.Response:
        """Send an assessment, of a version or of whichever is present."""
        return await self._send(f"{self.episode}/assessments", ASSESSMENT, if_match)

    async def accept(self, if_match: str | None) -> httpx.Response:
        """Accept an option of the first plan."""
        return await self._send(f"{self.plan}/decisions", ACCEPT, if_match)

    async def mark(self, address: str) -> str:
        """Return the present version of a record."""
        return str((await self._client.get(address)).headers["ETag"])

    async def count(self, what: str) -> int:
        """Return how many plans, assessments or decisions are kept."""
        return len((await self._client.get(f"{self.episode}/{what}")).json()["items"])

    async def _send(self, address: str, sent: Any, if_match: str | None) -> httpx.Response:
        arguments = posted(sent)
        mark = {} if if_match is None else {"If-Match": if_match}
        return await self._client.post(address, content=arguments["content"], headers=arguments["headers"] | mark)


@pytest_asyncio.fixture
async def patient(stored: httpx.AsyncClient) -> Patient:
    """A patient whose plan nobody has decided about."""
    return Patient(stored, (await stored.post("/v1/episodes", **posted(body()))).json())


@pytest.mark.parametrize("mark", [None, '"1"', "*", '"0", "1"'])
async def test_an_assessment_of_the_present_version_or_of_any_is_kept(patient: Patient, mark: str | None) -> None:
    answer = await patient.assess(mark)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"2"')
    assert await patient.mark(patient.episode) == '"2"'


@pytest.mark.parametrize("mark", ['"0"', '"2"', 'W/"1"', ""])
async def test_an_assessment_of_another_version_is_refused_and_not_kept(patient: Patient, mark: str) -> None:
    answer = await patient.assess(mark)
    assert (answer.status_code, answer.json()["code"]) == (412, "PRECONDITION_FAILED")
    assert [await patient.count(what) for what in ("assessments", "plans")] == [0, 1]
    assert await patient.mark(patient.episode) == '"1"'


async def test_of_assessments_of_one_version_at_the_same_moment_exactly_one_is_kept(patient: Patient) -> None:
    answers = await asyncio.gather(*(patient.assess('"1"') for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 412, 412, 412]
    assert [await patient.count(what) for what in ("assessments", "plans")] == [1, 2]


async def test_a_decision_of_the_version_that_was_read_is_kept_and_changes_the_mark(patient: Patient) -> None:
    read = await patient.mark(patient.plan)
    answer = await patient.accept(read)
    assert answer.status_code == 201
    assert answer.headers["ETag"] == await patient.mark(patient.plan) != read


@pytest.mark.parametrize("mark", [None, "*"])
async def test_a_decision_of_any_version_is_kept(patient: Patient, mark: str | None) -> None:
    assert (await patient.accept(mark)).status_code == 201


async def test_a_decision_of_another_version_is_refused_and_not_kept(patient: Patient) -> None:
    read = await patient.mark(patient.plan)
    for mark in ('"1"', f"W/{read}", read.replace("draft", "accepted"), ""):
        answer = await patient.accept(mark)
        assert (answer.status_code, answer.json()["code"]) == (412, "PRECONDITION_FAILED")
    assert await patient.count("decisions") == 0
    assert await patient.mark(patient.plan) == read


async def test_of_decisions_of_one_version_at_the_same_moment_exactly_one_is_kept(patient: Patient) -> None:
    read = await patient.mark(patient.plan)
    answers = await asyncio.gather(*(patient.accept(read) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 412, 412, 412]
    assert await patient.count("decisions") == 1


async def test_an_assessment_and_a_change_of_one_version_at_the_same_moment_are_not_both_made(
    patient: Patient, stored: httpx.AsyncClient
) -> None:
    headers = {"Content-Type": "application/merge-patch+json", "If-Match": '"1"'}
    change = stored.patch(patient.episode, content=b'{"patient":{"weight_kg":70}}', headers=headers)
    answers = await asyncio.gather(patient.assess('"1"'), change)
    assert sorted(answer.is_success for answer in answers) == [False, True]
    assert {answer.status_code for answer in answers if answer.is_error} == {412}
    assert await patient.count("plans") == 2
