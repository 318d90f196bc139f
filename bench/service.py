"""The service against the bare app: same machine, same PostgreSQL, same load, same run."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from app.api.development import issue_token
from app.settings import Settings
from bench import reference_body
from bench.load import Target, request
from bench.rounds import Outcome, Plan, measure
from bench.servers import Server, bare_app, postgres, service

SUBMIT, RECOMMEND, READ = "POST /v1/episodes", "POST /v1/recommendations", "GET /v1/plans/{id}"
ORM, CORE, ECHO, SELECT = "bare async ORM", "bare async Core", "bare echo, no database", "bare Core select"


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """What the load found, with the sizes that make it comparable."""

    outcome: Outcome
    seconds_to_ready: float
    memory_mb: float
    body_bytes: int
    plan_bytes: int


def compare(episode: bytes, plan: Plan) -> ServiceFigures:
    """Start everything, load it, stop everything."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, postgres(Path(folder) / "database") as database:
        token = issue_token(Settings(data_dir=Path(folder)))
        with bare_app(database.url("bare")) as bare, service(database.url("service"), Path(folder)) as ours:
            stored = _stored_plan(ours, episode, token)
            outcome = measure([*_our_targets(ours, episode, token, stored), *_bare_targets(bare, stored)], plan)
            return ServiceFigures(outcome, ours.seconds_to_ready, ours.memory(), len(episode), len(stored))


def _stored_plan(ours: Server, episode: bytes, token: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    created = ours.call("POST", "/v1/episodes", content=episode, headers=headers).json()
    return ours.call("GET", f"/v1/plans/{created['plan']['id']}", headers=headers).content


def _our_targets(ours: Server, episode: bytes, token: str, stored: bytes) -> list[Target]:
    plan_id = json.loads(stored)["id"]
    return [
        Target(SUBMIT, ours.port, (request("POST", "/v1/episodes", episode, token),), 201),
        Target(RECOMMEND, ours.port, (request("POST", "/v1/recommendations", episode, token),), 200),
        Target(READ, ours.port, (request("GET", f"/v1/plans/{plan_id}", token=token),), 200),
    ]


def _bare_targets(bare: Server, stored: bytes) -> list[Target]:
    body, key = reference_body.case(), uuid4()
    bare.call("PUT", f"/answers/{key}", content=stored)
    return [
        Target(ORM, bare.port, (request("POST", "/orm", body),), 201),
        Target(CORE, bare.port, (request("POST", "/core", body),), 201),
        Target(ECHO, bare.port, (request("POST", "/echo", body),), 200),
        Target(SELECT, bare.port, (request("GET", f"/answers/{key}"),), 200),
    ]
