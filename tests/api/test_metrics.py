"""What the service counts about itself, read the way a Prometheus reads it."""

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from app import meters
from app.api.contract import example
from app.api.development import issue_token
from app.settings import Settings
from tests.api.conftest import make_client, posted
from tests.builders import body

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def read(client: httpx.AsyncClient) -> Samples:
    answer = await client.get("/metrics")
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def grown(before: Samples, after: Samples, name: str, **labels: str) -> float:
    key = (name, frozenset(labels.items()))
    return after[key] - before.get(key, 0)


async def test_a_request_is_counted_by_route_method_and_status(client: httpx.AsyncClient) -> None:
    before = await read(client)
    await client.post("/v1/recommendations", **posted(body()))
    after = await read(client)
    labels = {"route": "/v1/recommendations", "method": "POST"}
    assert grown(before, after, "rebound_requests_total", **labels, status="200") == 1
    assert grown(before, after, "rebound_request_seconds_count", **labels) == 1


async def test_a_decision_is_timed_and_counted_by_disposition_and_alert(client: httpx.AsyncClient) -> None:
    before = await read(client)
    plan = (await client.post("/v1/recommendations", **posted(example("conflict")))).json()
    after = await read(client)
    assert plan["alerts"]
    assert grown(before, after, "rebound_decision_seconds_count") == 1
    assert grown(before, after, "rebound_plans_total", disposition=plan["disposition"]) == 1
    for code in {alert["code"] for alert in plan["alerts"]}:
        shown = sum(alert["code"] == code for alert in plan["alerts"])
        assert grown(before, after, "rebound_alerts_total", code=code) == shown


async def test_a_problem_is_counted_by_its_code(client: httpx.AsyncClient) -> None:
    before = await read(client)
    await client.post("/v1/recommendations", **posted(b"{"))
    after = await read(client)
    assert grown(before, after, "rebound_problems_total", code="MALFORMED_JSON") == 1


async def test_every_address_that_there_is_not_is_one_and_the_same(client: httpx.AsyncClient) -> None:
    before = await read(client)
    for number in range(3):
        await client.get(f"/nowhere/{number}")
    after = await read(client)
    assert grown(before, after, "rebound_requests_total", route="unmatched", method="GET", status="404") == 3
    assert not [key for key in after if "nowhere" in str(key)]


async def test_every_method_that_nobody_uses_is_one_and_the_same(client: httpx.AsyncClient) -> None:
    before = await read(client)
    for method in ("TRACE", "BREW", "PROPFIND"):
        await client.request(method, "/livez")
    after = await read(client)
    assert grown(before, after, "rebound_requests_total", route="/livez", method="other", status="405") == 3


async def test_the_line_before_the_database_is_shown(stored: httpx.AsyncClient) -> None:
    after = await read(stored)
    assert after["rebound_pool_connections", frozenset()] == 2
    assert after["rebound_pool_connections_taken", frozenset()] == 0
    assert after["rebound_pool_requests_waiting", frozenset()] == 0


async def test_what_runs_is_shown(client: httpx.AsyncClient) -> None:
    (labels,) = [dict(labels) for name, labels in await read(client) if name == "rebound_build"]
    assert labels.keys() == {"version", "knowledge"}


async def test_the_request_itself_is_in_flight(client: httpx.AsyncClient) -> None:
    assert (await read(client))["rebound_requests_in_flight", frozenset()] == 1


@pytest.mark.parametrize("scope", ["plans:read", "audit:read"])
async def test_metrics_are_for_operators_alone(app: FastAPI, settings: Settings, scope: str) -> None:
    async with make_client(app, issue_token(settings, scopes=[scope])) as caller:
        assert (await caller.get("/metrics")).status_code == 403


def test_every_label_takes_few_values() -> None:
    labelled = {
        name for one in (meters.requests, meters.problems, meters.plans, meters.alerts) for name in one._labelnames
    }
    assert labelled == {"route", "method", "status", "code", "disposition"}
