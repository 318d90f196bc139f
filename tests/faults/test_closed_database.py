"""A database that takes no writes, because it is read-only or its disk is full: callers are told to come back."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.builders import body
from tests.faults.cluster import DATABASE, Cluster
from tests.faults.conftest import Installation
from tests.store.database import make_migrated_database

READ_ONLY = ("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
OPEN = (
    "SET default_transaction_read_only = off",
    "ALTER SYSTEM RESET default_transaction_read_only",
    "SELECT pg_reload_conf()",
)


def test_a_read_only_database_discloses_nothing_unrecorded_and_loses_nothing(installation: Installation) -> None:
    cluster, answers = installation.cluster, installation.answers
    with installation.serving(), installation.writing() as writers, installation.client() as client:
        writers.wait_for(5)
        cluster.execute(*READ_ONLY)
        writers.wait_for(5, status=503)
        read = [client.get(f"/v1/plans/{plan}").status_code for plan in list(answers.plans)]
        calculated = client.post("/v1/recommendations", json=body()).status_code
        cluster.execute(*OPEN)
        writers.wait_for(5)
    found = installation.ledger()
    print(f"\nread-only database: {found}; statuses {dict(answers.statuses)}")
    assert set(read) == {503}  # a read is recorded before it is answered
    assert calculated == 200
    assert not any(found.faults)
    assert {201, 503} <= answers.statuses.keys() <= {201, 409, 503}  # 409: the first attempt is still under way
    assert answers.without_retry == 0


_SMALL = ("-t", "tmpfs", "-o", "size=128m", "tmpfs")
_PAGE = bytes(4096)


class SmallDisk:
    """A file system of its own that can be filled to the last page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave nothing free."""
        with suppress(OSError), self._ballast.open("wb", buffering=0) as file:
            while file.write(_PAGE):
                pass

    def free(self) -> None:
        """Give back what `fill` took."""
        self._ballast.unlink()


@pytest.fixture
def small_disk() -> Iterator[SmallDisk]:
    folder = Path(tempfile.mkdtemp(prefix="rebound-disk-"))
    mount = shutil.which("mount") or ""
    if not mount or subprocess.run((mount, *_SMALL, folder), capture_output=True, check=False).returncode:
        pytest.skip("a small file system can only be mounted by root on Linux")
    yield SmallDisk(folder)
    subprocess.run((shutil.which("umount") or "", "--lazy", folder), check=True)
    folder.rmdir()


def test_a_full_disk_loses_nothing_and_needs_nothing_but_space(small_disk: SmallDisk, tmp_path: Path) -> None:
    cluster = Cluster(small_disk.folder)
    cluster.start()
    make_migrated_database(cluster, DATABASE)
    installation = Installation(cluster, tmp_path)
    answers = installation.answers
    with installation.serving(), installation.writing() as writers:
        writers.wait_for(5)
        small_disk.fill()
        writers.wait_for(5, status=503)
        small_disk.free()
        cluster.start()
        writers.wait_for(5)
    found = installation.ledger()
    cluster.stop()
    print(f"\nfull disk, {cluster.starts - 1} restarts: {found}; statuses {dict(answers.statuses)}")
    assert not any(found.faults)
    assert {201, 503} <= answers.statuses.keys() <= {201, 409, 503}  # 409: the first attempt is still under way
    assert answers.without_retry == 0
