"""The examples of the contract are real: bodies are accepted, answers are what the service answers today.

After a change that is meant, `REWRITE_EXAMPLES=1 pytest tests/api/test_examples.py` writes the answers anew; read the
difference before committing it.
"""

import json
import os
import re
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from jsonschema_rs import Draft202012Validator

from app.api.contract import EXAMPLE_REFERENCE, example
from app.api.v1.critiques import CRITIQUE_EXAMPLES
from app.api.v1.episode_examples import EPISODE_EXAMPLES
from app.api.v1.tapers import TAPER_EXAMPLES
from tests.api.conftest import posted

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "app/api/examples", ROOT / "openapi/examples")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
SHOWN_ENTRIES = 2
"""Lists are cut in answers that are read; one computed plan and one taper are shown whole."""

READ = {
    "answer_links": "/",
    "answer_problem": "/problems/INVALID_BODY",
    "answer_alive": "/livez",
    "answer_ready": "/readyz",
    "answer_knowledge": "/v1/knowledge",
    "answer_statements": "/v1/knowledge/statements",
    "answer_references": "/v1/knowledge/references",
    "answer_conflicts": "/v1/knowledge/conflicts",
    "answer_drugs": "/v1/knowledge/drugs",
    "answer_conditions": "/v1/knowledge/conditions",
    "answer_analytes": "/v1/knowledge/analytes",
    "answer_episode": "/v1/episodes/{episode}",
    "answer_episodes": "/v1/episodes",
    "answer_plan": "/v1/plans/{plan}",
    "answer_plans": "/v1/episodes/{episode}/plans",
    "answer_assessments": "/v1/episodes/{treated}/assessments",
    "answer_decisions": "/v1/episodes/{treated}/decisions",
    "answer_worklist": "/v1/worklist?until=2026-04-30",
}
REPLAYED = "answer_replay"
COMPUTED = {
    "answer_recommendation": ("/v1/recommendations", "typical"),
    "answer_taper": ("/v1/tapers", "taper_combination"),
    "answer_critique": ("/v1/critiques", "critique_order"),
}
AUDIT = "answer_audit_events"
TREATED = ("answer_decision_made", "answer_assessment_created", "answer_episode_updated")
NAMES = (*READ, *COMPUTED, *TREATED, REPLAYED, "answer_episode_created", AUDIT)


async def answer_all(client: httpx.AsyncClient) -> dict[str, Any]:
    """Return what the service answers now, under the names of the shipped answers and with fixed ids."""
    created = (await client.post("/v1/episodes", **posted(example("minimal")))).json()
    treated, answers = await treat(client)
    ids = {"episode": created["episode"]["id"], "plan": created["plan"]["id"], "treated": treated}
    found = {"answer_episode_created": shortened(created)} | {name: shortened(one) for name, one in answers.items()}
    for name, address in READ.items():
        found[name] = shortened((await client.get(address.format(**ids))).json())
    found[REPLAYED] = (await client.post("/v1/plans/{plan}/replay".format(**ids))).json()
    for name, (address, sent) in COMPUTED.items():
        found[name] = (await client.post(address, **posted(example(sent)))).json()
    events = await client.get("/v1/audit-events", params={"resource_id": treated, "limit": SHOWN_ENTRIES})
    found[AUDIT] = with_fixed_times(events.json())
    return with_fixed_ids(found)


async def treat(client: httpx.AsyncClient) -> tuple[str, dict[str, Any]]:
    """Take the typical episode through a decision, an assessment and a change; return its id and the answers."""
    created = (await client.post("/v1/episodes", **posted(example("typical")))).json()
    episode, plan = created["episode"]["id"], created["plan"]["id"]
    sent: tuple[tuple[str, str, str, dict[str, str]], ...] = (
        ("POST", f"/v1/plans/{plan}/decisions", "decision_accept", {}),
        ("POST", f"/v1/episodes/{episode}/assessments", "assessment_two_weeks", {}),
        ("PATCH", f"/v1/episodes/{episode}", "patch_new_medication", {"If-Match": '"2"'}),
    )
    answers = {}
    for name, (method, address, body, headers) in zip(TREATED, sent, strict=True):
        request = posted(example(body))
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        declared = {"Content-Type": kind} | headers
        answer = await client.request(method, address, content=request["content"], headers=declared)
        assert answer.is_success, answer.text
        answers[name] = answer.json()
    return episode, answers


def with_fixed_times(page: dict[str, Any]) -> dict[str, Any]:
    """Return a page of events with the numbers, times and requests of a quiet afternoon."""
    items = [
        event | {"id": str(42 - place), "at": f"2026-03-12T09:0{9 - place}:00Z", "request_id": f"request-{42 - place}"}
        for place, event in enumerate(page["items"])
    ]
    return {"items": items, "next": urlsafe_b64encode(items[-1]["id"].encode()).decode().rstrip("=")}


def with_fixed_ids(found: dict[str, Any]) -> dict[str, Any]:
    """Return the answers with every id replaced by a number: the first one met is 1."""
    numbers: dict[str, str] = {}

    def fixed(match: re.Match[str]) -> str:
        return numbers.setdefault(match[0], f"0198c0de-0000-7000-8000-{len(numbers) + 1:012}")

    return json.loads(_ID.sub(fixed, json.dumps(found)))  # type: ignore[no-any-return]


def shortened(answer: Any) -> Any:
    """Return the answer with every list cut to its first entries."""
    if isinstance(answer, dict):
        return {name: shortened(value) for name, value in answer.items()}
    return [shortened(value) for value in answer[:SHOWN_ENTRIES]] if isinstance(answer, list) else answer


def rewrite(answers: dict[str, Any]) -> None:
    """Write the answers, and a copy of every example beside the contract."""
    shipped, copies = FOLDERS
    for name, answer in answers.items():
        (shipped / f"{name}.json").write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n", "utf-8")
    for path in shipped.glob("*.json"):
        (copies / path.name).write_bytes(path.read_bytes())


async def test_the_shipped_answers_are_what_the_service_answers(stored: httpx.AsyncClient) -> None:
    answers = await answer_all(stored)
    if os.environ.get("REWRITE_EXAMPLES"):
        rewrite(answers)
    assert {name: example(name) for name in NAMES} == answers


def test_every_shipped_answer_is_checked(app: FastAPI) -> None:
    shown = json.loads(app.state.contract)["components"]["examples"]
    assert {name for name in shown if name.startswith("answer_")} == set(NAMES)


@pytest.mark.parametrize("name", EPISODE_EXAMPLES)
async def test_every_episode_shown_is_accepted_and_stored(stored: httpx.AsyncClient, name: str) -> None:
    answer = await stored.post("/v1/episodes", **posted(example(name)))
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("name", "disposition", "recommended"),
    [
        ("typical", "plan", ["prednisone_azathioprine"]),
        ("minimal", "insufficient_data", []),
        ("missing_data", "plan", []),
        ("blocked", "plan", ["prednisone_monotherapy"]),
        ("conflict", "plan", ["tacrolimus_restart"]),
    ],
)
async def test_an_example_shows_what_its_summary_says(
    client: httpx.AsyncClient, name: str, disposition: str, recommended: list[str]
) -> None:
    plan = (await client.post("/v1/recommendations", **posted(example(name)))).json()
    assert plan["disposition"] == disposition
    assert [option["id"] for option in plan["options"] if option["standing"] == "recommended"] == recommended


@pytest.mark.parametrize("name", TAPER_EXAMPLES)
async def test_every_taper_shown_is_accepted(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.post("/v1/tapers", **posted(example(name)))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("critique_order", {"METHOTREXATE_DAILY", "AZATHIOPRINE_OVER_CEILING", "STEROID_START_BELOW_30"}),
        ("critique_taper", {"TAPER_TOO_FAST", "TACROLIMUS_STOPPED_ABRUPTLY"}),
    ],
)
async def test_a_critique_shows_what_its_summary_says(client: httpx.AsyncClient, name: str, codes: set[str]) -> None:
    answer = await client.post("/v1/critiques", **posted(example(name)))
    assert name in CRITIQUE_EXAMPLES
    assert codes <= {finding["code"] for finding in answer.json()["findings"]}


def test_every_answer_follows_its_schema(app: FastAPI) -> None:
    contract = json.loads(app.state.contract)
    for path in contract["paths"].values():
        for operation in path.values():
            for content in (
                one for answer in operation["responses"].values() for one in answer.get("content", {}).values()
            ):
                schema = {"$ref": content["schema"]["$ref"], "components": contract["components"]}
                for shown in content["examples"].values():
                    value = contract["components"]["examples"][shown["$ref"].removeprefix(EXAMPLE_REFERENCE)]["value"]
                    Draft202012Validator(schema).validate(value)
