"""The audit log from the command line: seal it now, or check it against its seals."""

import argparse
import asyncio
import sys

from app.errors import StartError
from app.log import configure_log
from app.main import make_database, open_database
from app.settings import Settings
from app.store.engine import Database
from app.store.schema import require_migrated
from app.store.tenants import list_audited_tenants
from app.usecases.seal_audit import seal_audit
from app.usecases.verify_audit import Checked, Head, verify_audit


def seal(settings: Settings, _options: argparse.Namespace) -> int:
    """Seal what is unsealed and say how many seals that took."""
    configure_log(settings.log_level)
    print(f"{asyncio.run(_seal(settings))} seals were made.")
    return 0


def verify(settings: Settings, options: argparse.Namespace) -> int:
    """Print what was found of each tenant; return 1 when anything does not fit."""
    configure_log("warning")
    heads = [_read_head(text) for text in options.head]
    found = asyncio.run(_verify(settings, heads))
    for checked in found:
        print(_line(checked))
    faults = [f"{checked.tenant}: {checked.fault}." for checked in found if checked.fault is not None]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


async def _seal(settings: Settings) -> int:
    database = make_database(settings)
    async with open_database(settings, database):
        await require_migrated(database)
        return await seal_audit(database)


async def _verify(settings: Settings, heads: list[tuple[str, Head]]) -> list[Checked]:
    database = make_database(settings)
    async with open_database(settings, database):
        await require_migrated(database)
        return [await _check(database, tenant, heads) for tenant in await _tenants(database, heads)]


async def _tenants(database: Database, heads: list[tuple[str, Head]]) -> list[str]:
    """A tenant whose log is gone altogether is known from the head that was seen before."""
    return sorted({*await list_audited_tenants(database), *(tenant for tenant, _ in heads)})


async def _check(database: Database, tenant: str, heads: list[tuple[str, Head]]) -> Checked:
    return await verify_audit(database, tenant, tuple(head for name, head in heads if name == tenant))


def _line(checked: Checked) -> str:
    head = "none" if checked.head is None else f"{checked.tenant}={checked.head.number}:{checked.head.digest}"
    figures = f"events {checked.events}, seals {checked.seals}, unsealed {checked.unsealed}"
    return f"{checked.tenant}: {figures}, head {head}"


def _read_head(text: str) -> tuple[str, Head]:
    """Read a head as it was printed: `tenant=number:digest`."""
    tenant, _, link = text.rpartition("=")
    number, _, digest = link.partition(":")
    if not tenant or not number.isdecimal() or not digest:
        raise StartError("Give --head exactly as `audit verify` printed it: tenant=number:digest.")
    return tenant, Head(int(number), digest)
