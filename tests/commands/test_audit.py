"""Sealing and checking the audit log from the command line."""

import asyncio

import pytest

from app.__main__ import main
from tests.store.database import opened
from tests.usecases.audited import record, tamper

pytestmark = pytest.mark.usefixtures("log_as_before")


@pytest.fixture
def migrated_url(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of this test's own with the newest tables, named in the environment."""
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert main(["migrate"]) == 0
    return empty_url


def change(url: str, tenant: str, *statements: str, events: int = 0) -> None:
    async def run() -> None:
        database = opened(url)
        await record(database, tenant, events)
        for statement in statements:
            await tamper(database, statement)
        await database.close()

    asyncio.run(run())


def test_a_sealed_log_is_accepted_and_its_heads_are_printed_for_later(
    migrated_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(migrated_url, "north", events=2)
    assert main(["audit", "seal"]) == 0
    change(migrated_url, "south", events=1)
    capsys.readouterr()
    assert main(["audit", "verify"]) == 0
    north, south = capsys.readouterr().out.splitlines()
    assert north.startswith("north: events 2, seals 1, unsealed 0, head north=1:sha256:")
    assert south == "south: events 1, seals 0, unsealed 1, head none"
    assert main(["audit", "verify", "--head", north.split()[-1]]) == 0


def test_a_change_is_named_and_the_exit_code_says_so(migrated_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    change(migrated_url, "north", events=2)
    main(["audit", "seal"])
    change(migrated_url, "north", "UPDATE audit_events SET subject = 'somebody'")
    assert main(["audit", "verify"]) == 1
    told = capsys.readouterr().err
    assert "north: seal 1, or an event" in told
    assert "somebody" not in told


def test_a_tenant_whose_log_is_gone_is_missed_when_its_head_was_seen(
    migrated_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(migrated_url, "north", events=2)
    main(["audit", "seal"])
    capsys.readouterr()
    main(["audit", "verify"])
    head = capsys.readouterr().out.split()[-1]
    change(migrated_url, "north", *(f"TRUNCATE {table}" for table in ("audit_events", "audit_seals")))
    assert main(["audit", "verify"]) == 0
    assert main(["audit", "verify", "--head", head]) == 1
    assert "north: seal 1, which was seen before, is missing" in capsys.readouterr().err


@pytest.mark.parametrize("head", ["north", "north=1", "=1:sha256:0", "north=x:sha256:0"])
def test_a_head_that_was_not_printed_by_this_command_is_refused(
    migrated_url: str, head: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "verify", "--head", head]) == 2
    assert "tenant=number:digest" in capsys.readouterr().err
