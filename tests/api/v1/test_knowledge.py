"""The knowledge base on the wire."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.knowledge.base import KnowledgeBase

TABLES = ("statements", "references", "conflicts", "drugs", "conditions", "analytes")


async def page(client: httpx.AsyncClient, name: str) -> Any:
    return (await client.get(f"/v1/knowledge/{name}")).json()


async def test_the_summary_names_version_digest_and_the_lists(client: httpx.AsyncClient, kb: KnowledgeBase) -> None:
    summary = (await client.get("/v1/knowledge")).json()
    assert (summary["version"], summary["digest"]) == (kb.manifest.version, kb.digest)
    assert summary["provenance"] == "unreviewed_secondary"
    assert summary["links"].keys() == set(TABLES)
    for name, address in summary["links"].items():
        assert len((await client.get(address)).json()["items"]) == summary["counts"][name]


@pytest.mark.parametrize("name", TABLES)
async def test_a_list_stands_under_the_version_it_belongs_to(
    client: httpx.AsyncClient, kb: KnowledgeBase, name: str
) -> None:
    listed = await page(client, name)
    assert listed["knowledge"]["digest"] == kb.digest
    assert listed["items"]


async def test_all_statements_are_there(client: httpx.AsyncClient) -> None:
    listed = await page(client, "statements")
    assert [item["id"] for item in listed["items"]] == [f"S{number:02}" for number in range(1, 50)]


async def test_a_recalled_publication_is_not_listed(client: httpx.AsyncClient) -> None:
    assert {item["grade"] for item in (await page(client, "references"))["items"]}.isdisjoint({"R"})


async def test_numbers_are_json_numbers_with_the_value_of_the_table(
    client: httpx.AsyncClient, kb: KnowledgeBase
) -> None:
    for item in (await page(client, "analytes"))["items"]:
        row = kb.analytes[item["key"]]
        assert isinstance(item["plausible_high"], int | float)
        assert Decimal(str(item["plausible_high"])) == row.plausible_high
        assert [Decimal(str(unit["factor"])) for unit in item["units"]] == [unit.factor for unit in row.units]
    for item in (await page(client, "drugs"))["items"]:
        strengths = [Decimal(str(strength["mg"])) for strength in item["strengths"]]
        assert strengths == [strength.mg for strength in kb.drugs[item["key"]].strengths]


async def test_a_caller_who_holds_the_version_gets_no_body(client: httpx.AsyncClient, kb: KnowledgeBase) -> None:
    answer = await client.get("/v1/knowledge/drugs", headers={"If-None-Match": f'"{kb.digest}"'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == f'"{kb.digest}"'


async def test_a_caller_who_holds_another_version_gets_the_list(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/knowledge/drugs", headers={"If-None-Match": '"other"'})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
