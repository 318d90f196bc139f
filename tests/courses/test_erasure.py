"""A patient is erased by the script of the operations document: nothing of the course is left, everybody else stays."""

import asyncio
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import jwt
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.store.embedded import EmbeddedPostgres
from app.store.tables import metadata
from tests.builders import body
from tests.courses.driver import IMPROVING, Course
from tests.house.repository import ROOT, text
from tests.store.database import execute, unbound

SCRIPT = ROOT / "docs/erase_patient.sql"
STAYING = "synthetic-staying"
LEAVING = "synthetic-leaving"
Erase = Callable[[str, str], str]


@pytest.fixture
def erase(postgres: EmbeddedPostgres, database_url: str) -> Erase:
    """Run the script as the document says."""
    psql = str(Path(postgres._server.bin_path) / "psql")

    def run(tenant: str, patient: str, url: str = database_url) -> str:
        command = (psql, url, f"--set=tenant={tenant}", f"--set=patient={patient}", f"--file={SCRIPT}")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def tenant(client: httpx.Client) -> str:
    """The tenant of the caller."""
    token = client.headers["Authorization"].removeprefix("Bearer ")
    return str(jwt.decode(token, options={"verify_signature": False})["tenant_id"])


async def count(url: str, tenant: str) -> dict[str, int]:
    """Return how many rows each table holds of the tenant."""
    async with unbound(url) as connection:
        return {
            name: (
                await connection.execute(select(func.count()).select_from(table).where(table.c.tenant_id == tenant))
            ).scalar_one()
            for name, table in metadata.tables.items()
        }


def treat(client: httpx.Client, patient: str) -> Course:
    """Lead a patient through everything that keeps rows."""
    course = Course(client, patient={"reference": patient})
    course.accept("prednisone_monotherapy")
    course.assess("2026-04-07", IMPROVING)
    key = {"Idempotency-Key": f"key-of-{patient}", "Content-Type": "application/json"}
    kept = client.post("/v1/episodes", content=json.dumps(body(patient={"reference": patient})), headers=key)
    assert kept.status_code == 201
    return course


def of_patients(rows: dict[str, int]) -> dict[str, int]:
    return {name: number for name, number in rows.items() if not name.startswith("audit_")}


def test_nothing_of_an_erased_patient_is_left_and_everybody_else_stays(
    client: httpx.Client, tenant: str, database_url: str, erase: Erase
) -> None:
    staying = treat(client, STAYING)
    before = asyncio.run(count(database_url, tenant))
    assert all(of_patients(before).values())
    leaving = treat(client, LEAVING)
    erase(tenant, LEAVING)
    after = asyncio.run(count(database_url, tenant))
    assert of_patients(after) == of_patients(before)
    assert all(after[name] >= before[name] for name in before)
    assert client.get(f"/v1/plans/{leaving.plan['id']}").status_code == 404
    assert client.get(f"/v1/plans/{staying.plan['id']}").status_code == 200


def test_decisions_and_assessments_still_refuse_to_be_changed(
    client: httpx.Client, tenant: str, database_url: str, erase: Erase
) -> None:
    Course(client, patient={"reference": STAYING}).accept()
    erase(tenant, LEAVING)
    with pytest.raises(DBAPIError, match="append-only"):
        asyncio.run(execute(database_url, "DELETE FROM decisions"))


def test_the_same_reference_of_another_tenant_stays(client: httpx.Client, tenant: str, erase: Erase) -> None:
    staying = Course(client, patient={"reference": LEAVING})
    erase(f"not-{tenant}", LEAVING)
    assert client.get(f"/v1/plans/{staying.plan['id']}").status_code == 200


def test_the_document_names_the_command() -> None:
    command = 'psql "$DATABASE_URL" --set=tenant=TENANT --set=patient=REFERENCE --file=docs/erase_patient.sql'
    assert command in text(ROOT / "docs/operations.md")
    assert command in text(SCRIPT)
