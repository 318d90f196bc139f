"""Checking the chain: whatever a superuser changes behind the triggers is found, and the place is named."""

import re

import pytest

from app.store.engine import Database
from app.usecases.seal_audit import seal_audit
from app.usecases.verify_audit import Checked, Head, verify_audit
from tests.usecases.audited import record, tamper

COPY = """
    INSERT INTO audit_events
    SELECT tenant_id, NEW, at, 'somebody', client, action, resource_type, NULL, NULL, '{}', outcome, request_id
    FROM audit_events WHERE tenant_id = 'north' ORDER BY number LIMIT 1
"""
UNTIL = "(SELECT until_number FROM audit_seals WHERE tenant_id = 'north' AND number = 1)"
SECOND = "(SELECT min(number) + 1 FROM audit_events WHERE tenant_id = 'north')"


async def change(database: Database, statement: str) -> None:
    """Tamper with the log; SECOND stands for a number within the first seal, UNTIL for the last it covers."""
    await tamper(database, statement.replace("SECOND", SECOND).replace("UNTIL", UNTIL))


async def sealed(database: Database) -> Checked:
    """Leave two seals over three events each, one event unsealed, and a gap at the end of the first range."""
    for _ in range(2):
        await record(database, "north", 3)
        await record(database, "south", 2)
        await seal_audit(database)
    await record(database, "north", 1)
    return await verify_audit(database, "north")


async def test_an_untouched_log_is_counted_and_has_a_head(database: Database) -> None:
    checked = await sealed(database)
    assert (checked.events, checked.seals, checked.unsealed, checked.fault) == (7, 2, 1, None)
    assert checked.head is not None
    assert (checked.head.number, checked.head.digest[:7]) == (2, "sha256:")


async def test_a_tenant_without_events_has_nothing_to_check(database: Database) -> None:
    assert await verify_audit(database, "nobody") == Checked("nobody")


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_events SET subject = 'somebody' WHERE number = SECOND", "seal 1, or an event .* was changed"),
        ("UPDATE audit_events SET at = at + interval '1 microsecond' WHERE number = SECOND", "seal 1, or an event"),
        ("UPDATE audit_events SET outcome = 'refused' WHERE number = SECOND", "seal 1, or an event"),
        ("UPDATE audit_events SET related_ids = ARRAY[resource_id] WHERE number = SECOND", "seal 1, or an event"),
        ("UPDATE audit_events SET client = 'ward' WHERE number = SECOND", "seal 1, or an event"),
        ("DELETE FROM audit_events WHERE number = SECOND", "seal 1 covers, some are missing"),
        ("UPDATE audit_events SET tenant_id = 'south' WHERE number = SECOND", "seal 1 covers, some are missing"),
        (COPY.replace("NEW", "UNTIL"), "seal 1 covers, some were added"),
        (COPY.replace("NEW", "-5"), "seal 1 covers, some were added"),
        ("DELETE FROM audit_seals WHERE tenant_id = 'north' AND number = 1", "seal 1 is missing"),
        ("UPDATE audit_seals SET number = 3 WHERE tenant_id = 'north' AND number = 2", "seal 2 is missing"),
        ("UPDATE audit_seals SET after_number = after_number - 1 WHERE number = 2", "seal 2 does not begin where"),
        ("UPDATE audit_seals SET sealed_at = sealed_at + interval '1 day' WHERE number = 2", "seal 2, or an event"),
        ("UPDATE audit_seals SET count = 2 WHERE tenant_id = 'north' AND number = 2", "seal 2 covers, some were added"),
        ("UPDATE audit_seals SET digest = 'sha256:0' WHERE number = 1", "seal 1, or an event"),
        ("DELETE FROM audit_mentions WHERE tenant_id = 'north'", "event [0-9]+ is not found by the id"),
    ],
)
async def test_a_change_behind_the_triggers_is_found_and_its_place_is_named(
    database: Database, statement: str, fault: str
) -> None:
    await sealed(database)
    await change(database, statement)
    found = (await verify_audit(database, "north")).fault
    assert found is not None
    assert re.search(fault, found), found


async def test_a_whole_seal_that_is_taken_away_with_its_events_is_found_by_the_head_that_was_seen(
    database: Database,
) -> None:
    head = (await sealed(database)).head
    assert head is not None
    await change(database, "DELETE FROM audit_events WHERE tenant_id = 'north' AND number > UNTIL")
    await change(database, "DELETE FROM audit_seals WHERE tenant_id = 'north' AND number = 2")
    assert (await verify_audit(database, "north")).fault is None
    assert (await verify_audit(database, "north", (head,))).fault == "seal 2, which was seen before, is missing"


async def test_a_last_seal_that_is_made_anew_over_changed_events_is_not_the_one_that_was_seen(
    database: Database,
) -> None:
    head = (await sealed(database)).head
    assert head is not None
    await change(database, "DELETE FROM audit_seals WHERE tenant_id = 'north' AND number = 2")
    await change(database, "UPDATE audit_events SET subject = 'somebody' WHERE number > UNTIL")
    await seal_audit(database)
    assert (await verify_audit(database, "north")).fault is None
    assert (await verify_audit(database, "north", (head,))).fault == "seal 2 is not the one that was seen before"


async def test_heads_that_are_still_in_the_chain_are_accepted(database: Database) -> None:
    first = (await sealed(database)).head
    assert first is not None
    await seal_audit(database)
    checked = await verify_audit(database, "north", (first,))
    assert (checked.fault, checked.seals) == (None, 3)


async def test_a_seal_of_one_tenant_is_no_seal_of_another(database: Database) -> None:
    await sealed(database)
    await change(database, "UPDATE audit_seals SET tenant_id = 'west' WHERE tenant_id = 'north'")
    await change(database, "UPDATE audit_events SET tenant_id = 'west' WHERE tenant_id = 'north'")
    found = (await verify_audit(database, "west")).fault
    assert found is not None
    assert found.startswith("seal 1, or an event")


async def test_what_is_told_of_a_fault_names_numbers_and_ids_only(database: Database) -> None:
    await sealed(database)
    await change(database, "UPDATE audit_events SET subject = 'a name' WHERE number = SECOND")
    found = (await verify_audit(database, "north")).fault
    assert found is not None
    assert "a name" not in found


async def test_an_expected_head_of_a_tenant_that_is_gone_is_missed(database: Database) -> None:
    checked = await verify_audit(database, "gone", (Head(2, "sha256:1"), Head(1, "sha256:0")))
    assert checked.fault == "seal 1, which was seen before, is missing"
