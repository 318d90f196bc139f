"""The front door."""

import httpx
import pytest

from app.api.problem_kinds import KINDS


async def test_every_link_leads_somewhere_without_asking_for_a_body(client: httpx.AsyncClient) -> None:
    links = (await client.get("/")).json()
    addresses = [value for value in links.values() if value.startswith("/") and value != "/readyz"]
    statuses = {address: (await client.get(address)).status_code for address in addresses}
    special = {
        "/v1/recommendations": 405,
        "/v1/tapers": 405,
        "/v1/critiques": 405,
        "/v1/episodes": 503,
        "/v1/worklist": 503,
        "/v1/audit-events": 503,
    }
    assert statuses == {address: special.get(address, 200) for address in addresses}


async def test_the_front_door_needs_no_token(client: httpx.AsyncClient) -> None:
    del client.headers["Authorization"]
    assert (await client.get("/")).status_code == 200


async def test_the_front_door_speaks_json_only(client: httpx.AsyncClient) -> None:
    assert (await client.get("/", headers={"Accept": "text/html"})).json()["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize("code", KINDS)
async def test_the_type_of_a_problem_leads_to_its_explanation(client: httpx.AsyncClient, code: str) -> None:
    explained = (await client.get(f"/problems/{code}")).json()
    assert (explained["code"], explained["status"]) == (code, KINDS[code].status)


async def test_an_unknown_code_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get("/problems/UNHEARD_OF")).json()["code"] == "NOT_FOUND"
