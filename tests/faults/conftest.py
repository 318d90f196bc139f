"""A PostgreSQL and a service that a test may do anything to."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest

from app.api.development import issue_token
from app.settings import Settings
from bench.load import HOST
from bench.servers import Server, free_port, started
from tests.faults.cluster import DATABASE, Cluster
from tests.faults.ledger import Ledger, compare
from tests.faults.writers import Answers, Writers
from tests.store.database import make_migrated_database


@pytest.fixture(scope="session")
def kills() -> int:
    """How often something is killed; `make faults` sets more than the short form has."""
    return int(os.environ.get("KILLS", "3"))


@contextmanager
def new_cluster() -> Iterator[Cluster]:
    """Run a PostgreSQL that nobody has used."""
    # A short path: the name of a socket has a limit.
    folder = Path(tempfile.mkdtemp(prefix="rebound-faults-"))
    own = Cluster(folder)
    own.start()
    yield own
    own.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def lasting_cluster() -> Iterator[Cluster]:
    """A PostgreSQL for the tests of this folder, with one migrated database."""
    with new_cluster() as own:
        make_migrated_database(own, DATABASE)
        yield own


@pytest.fixture
def cluster(lasting_cluster: Cluster) -> Cluster:
    """The same, running whatever the test before did to it."""
    lasting_cluster.start()
    return lasting_cluster


class Installation:
    """The service as it is run for others: a process of its own, on a database that may fail."""

    def __init__(self, cluster: Cluster, folder: Path, answers: Answers | None = None) -> None:
        self.cluster, self.port, self.answers = cluster, free_port(), answers or Answers()
        self._folder, self._tenant = folder, folder.name
        self._token = issue_token(Settings(data_dir=folder), tenant=self._tenant)

    def on(self, cluster: Cluster, answers: Answers) -> "Installation":
        """Return the same for another server, which is held to these answers."""
        return Installation(cluster, self._folder, answers)

    def serving(self, **settings: str) -> AbstractContextManager[Server]:
        """Run the service while the block lasts."""
        return started(("app", "serve"), self.port, {**self.environment, **settings})

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the service."""
        return {
            "DATABASE_URL": self.cluster.url(),
            "DATA_DIR": str(self._folder),
            "PORT": str(self.port),
            "LOG_LEVEL": "error",
        }

    def writing(self, clients: int = 6) -> Writers:
        """Store episodes from several clients while the block lasts."""
        return Writers(self.port, self._token, self.answers, clients)

    def client(self) -> httpx.Client:
        """Return a caller with every scope."""
        headers = {"Authorization": f"Bearer {self._token}"}
        return httpx.Client(base_url=f"http://{HOST}:{self.port}", headers=headers, trust_env=False)

    def ledger(self) -> Ledger:
        """Hold what is stored against what was acknowledged."""
        return compare(self.cluster.url(), self._tenant, self.answers)


@pytest.fixture
def installation(cluster: Cluster, tmp_path: Path) -> Installation:
    """The service on the test's own PostgreSQL, not yet started."""
    return Installation(cluster, tmp_path)
