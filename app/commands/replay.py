"""Decide kept plans once more and say what is different: before a release, after it, against other knowledge."""

import argparse
import asyncio
import json
import sys
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

from app.commands.progress_line import ProgressLine
from app.commands.replay_report import Report
from app.errors import StartError, TryLater
from app.knowledge.base import KnowledgeBase
from app.knowledge.faults import KnowledgeFaults
from app.knowledge.load import load_knowledge, load_versions
from app.knowledge.versions import KnowledgeVersions
from app.log import configure_log
from app.main import make_database, open_database
from app.settings import Settings
from app.store.restriction import require_restricted
from app.store.schema import require_migrated
from app.store.tenants import list_tenants
from app.usecases.replay_all import count_kept, replay_all, replay_one
from app.usecases.service import Service


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Replay and report. 0: all identical; 1: some differ; 2: some failed, or nothing could be replayed."""
    # The report is what is to be read here.
    configure_log("warning")
    _require_writable(options.json)
    try:
        versions = load_versions()
        wanted = None if options.knowledge is None else _knowledge(versions, options.knowledge)
        report = asyncio.run(_replay(settings, options, versions, wanted))
    except KnowledgeFaults as fault:
        raise StartError(str(fault)) from None
    except TryLater as fault:
        raise StartError(f"The database does not answer any more: {fault}") from None
    print("\n".join(report.lines()))
    if options.json is not None:
        options.json.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")
    return report.exit_code


def _require_writable(path: Path | None) -> None:
    """Find out before hours of work whether the report can be written."""
    try:
        if path is not None:
            path.touch()
    except OSError as fault:
        raise StartError(f"--json {path} cannot be written: {fault.strerror}.") from None


def _knowledge(versions: KnowledgeVersions, name: str) -> KnowledgeBase:
    """Return a loaded version, or else the knowledge of a folder."""
    found = versions.of_version(name)
    if found is not None:
        return found
    if Path(name).is_dir():
        return load_knowledge(Path(name))
    known = ", ".join(kb.manifest.version for kb in versions.loaded)
    raise StartError(f"No knowledge {name}: loaded are {known}, and it is no folder.")


async def _replay(
    settings: Settings, options: argparse.Namespace, versions: KnowledgeVersions, wanted: KnowledgeBase | None
) -> Report:
    service = Service(make_database(settings), versions.present, lambda: datetime.now(UTC), earlier=versions.earlier)
    async with open_database(settings, service.database):
        await require_migrated(service.database)
        await require_restricted(service.database)
        tenants = await list_tenants(service.database) if options.tenant is None else [options.tenant]
        if options.plan_id is None:
            return await _replay_all(service, tenants, wanted)
        return await _replay_one(service, tenants, options, wanted)


async def _replay_all(service: Service, tenants: list[str], wanted: KnowledgeBase | None) -> Report:
    report = Report()
    total = await count_kept(service, tenants)
    with ProgressLine("Replaying", total, sys.stderr) as progress:
        async with aclosing(replay_all(service, tenants, wanted)) as outcomes:
            async for outcome in outcomes:
                report.add(outcome)
                progress.advance(f", {report.different:,} different, {report.failed:,} failed")
    return report


async def _replay_one(
    service: Service, tenants: list[str], options: argparse.Namespace, wanted: KnowledgeBase | None
) -> Report:
    outcome = await replay_one(service, tenants, options.plan_id, wanted)
    if outcome is None:
        raise StartError("There is no plan of this id.")
    report = Report()
    report.add(outcome)
    return report
