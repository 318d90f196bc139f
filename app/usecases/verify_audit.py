"""Checking a tenant's audit log against its chain of seals."""

from dataclasses import dataclass

from app.store.audit_rows import EventRecord, Seal
from app.store.chain import BEGINNING, seal_digest
from app.store.connection import Connection
from app.store.engine import Database
from app.store.seals import count_unsealed, events_between, seals_after, unmentioned


@dataclass(frozen=True, slots=True)
class Head:
    """A link that was seen at the end of a tenant's chain at some time; it has to be there for ever."""

    number: int
    digest: str


@dataclass(slots=True)
class Checked:
    """What was found of a tenant: how much there is, and the first place that does not fit, if any."""

    tenant: str
    events: int = 0
    seals: int = 0
    unsealed: int = 0
    head: Head | None = None
    fault: str | None = None
    sealed_until: int = 0


async def verify_audit(database: Database, tenant: str, known: tuple[Head, ...] = ()) -> Checked:
    """Follow the tenant's chain from its beginning over every event; `known` are links it must contain."""
    checked = Checked(tenant)
    missing = {head.number: head for head in known}
    async with database.transaction(tenant) as connection:
        while checked.fault is None and (seals := await seals_after(connection, tenant, checked.seals)):
            checked.fault = await _check(connection, checked, seals, missing)
        if checked.fault is None:
            checked.fault = await _check_rest(connection, checked, missing)
    return checked


async def _check(connection: Connection, checked: Checked, seals: list[Seal], missing: dict[int, Head]) -> str | None:
    """Check links and the events they cover; what fits is counted. Return the first fault."""
    for seal in seals:
        # One event more than the seal counts is read, to see that there is none.
        events = await events_between(
            connection, checked.tenant, checked.sealed_until, seal.until_number, seal.count + 1
        )
        fault = _fault(checked, seal, events, missing.pop(seal.number, None))
        if fault is not None:
            return fault
        checked.seals, checked.events = seal.number, checked.events + seal.count
        checked.head, checked.sealed_until = Head(seal.number, seal.digest), seal.until_number
    return None


def _fault(checked: Checked, seal: Seal, events: list[EventRecord], known: Head | None) -> str | None:
    """Return what does not fit, the plainest fault first."""
    place, covered = checked.seals + 1, f"above number {seal.after_number} up to {seal.until_number}"
    before = BEGINNING if checked.head is None else checked.head.digest
    faults = (
        (seal.number != place, f"seal {place} is missing"),
        (seal.after_number != checked.sealed_until, f"seal {place} does not begin where the one before it ends"),
        (len(events) < seal.count, f"of the events {covered}, which seal {place} covers, some are missing"),
        (len(events) > seal.count, f"to the events {covered}, which seal {place} covers, some were added"),
        (
            seal_digest(checked.tenant, before, seal, events) != seal.digest,
            f"seal {place}, or an event {covered}, which it covers, was changed",
        ),
        (known is not None and known.digest != seal.digest, f"seal {place} is not the one that was seen before"),
    )
    return next((text for is_so, text in faults if is_so), None)


async def _check_rest(connection: Connection, checked: Checked, missing: dict[int, Head]) -> str | None:
    """Count what no seal covers yet; then look for links that were seen before and for events that are not found."""
    checked.unsealed = await count_unsealed(connection, checked.tenant, checked.sealed_until)
    checked.events += checked.unsealed
    if missing:
        return f"seal {min(missing)}, which was seen before, is missing"
    lost = await unmentioned(connection, checked.tenant)
    return None if lost is None else f"event {lost[0]} is not found by the id {lost[1]} that it names"
