"""Bring the database to the newest migration; run it once before a new version serves."""

import argparse
import asyncio

from app.log import configure_log
from app.main import make_database, open_database
from app.settings import Settings
from app.store.schema import migrate


def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Migrate and say so."""
    configure_log(settings.log_level)
    asyncio.run(_migrate(settings))
    print("The database is at the newest migration.")
    return 0


async def _migrate(settings: Settings) -> None:
    database = make_database(settings)
    async with open_database(settings, database):
        await migrate(database)
