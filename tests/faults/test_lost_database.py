"""The database is gone for good: the backup brings back what was acknowledged before it was made."""

import os
import subprocess
import sys
from pathlib import Path

import httpx

from tests.faults.cluster import DATABASE, Cluster
from tests.faults.conftest import Installation, new_cluster
from tests.faults.writers import Answers
from tests.house.repository import ROOT, text
from tests.store.database import make_database

DUMP = ("pg_dump", "--format=custom", "--file=rebound.dump")
ROLES = "CREATE ROLE rebound_service NOLOGIN; CREATE ROLE rebound_steward NOLOGIN"
RESTORE = ("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner")


def dump(cluster: Cluster, folder: Path, url: str) -> str:
    """Back the database up as the document says; return what the program complained about."""
    program, *options = (word.replace("rebound.dump", str(folder / "rebound.dump")) for word in DUMP)
    return cluster.run(program, *options, url).stderr


def restore(cluster: Cluster, folder: Path) -> str:
    """Bring the backup into an empty database of a server that knows no role of the service."""
    url = make_database(cluster, DATABASE)
    cluster.execute(*ROLES.split("; "))
    program, *options = RESTORE
    return cluster.run(program, *options, f"--dbname={url}", str(folder / "rebound.dump")).stderr


def run(url: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the service on a database."""
    command = (sys.executable, "-m", "app", *words)
    environment = os.environ | {"DATABASE_URL": url}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def read_plans(client: httpx.Client, answers: Answers) -> list[bytes]:
    return [client.get(f"/v1/plans/{plan}").raise_for_status().content for plan in answers.plans]


def test_a_backup_made_under_load_brings_back_everything_acknowledged_before_it(
    installation: Installation, tmp_path: Path
) -> None:
    with installation.serving(), installation.client() as client, installation.writing() as writers:
        writers.wait_for(10)
        answers = installation.answers.so_far()
        before = read_plans(client, answers)
        assert dump(installation.cluster, tmp_path, installation.cluster.url()) == ""
    with new_cluster() as another:
        assert restore(another, tmp_path) == ""
        restored = installation.on(another, answers)
        with restored.serving(), restored.client() as client:
            after = read_plans(client, answers)
        found, audit = restored.ledger(), run(another.url(), "audit", "verify")
        replay = run(another.url(), "replay", "--all")
    print(f"\nbackup under load, restored on another server: {found}")
    assert not any(found.faults)
    assert after == before
    assert audit.returncode == 0, audit.stderr
    assert "events" in audit.stdout
    assert replay.returncode == 0, replay.stderr


def test_an_owner_that_may_not_see_every_row_gets_an_error_and_no_backup(cluster: Cluster, tmp_path: Path) -> None:
    cluster.execute("CREATE ROLE owner_only LOGIN", "GRANT pg_read_all_data TO owner_only")
    complaint = dump(cluster, tmp_path, cluster.url().replace("postgres@", "owner_only@"))
    cluster.execute("DROP ROLE owner_only")
    assert "row-level security" in complaint


def test_the_document_names_these_commands() -> None:
    document = text(ROOT / "docs/operations.md")
    assert [words for words in (" ".join(DUMP), *ROLES.split("; "), " ".join(RESTORE)) if words not in document] == []
