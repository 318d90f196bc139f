"""PostgreSQL is killed under load: callers are told to come back, and the service recovers without a hand."""

from collections.abc import Callable
from itertools import cycle, islice

from tests.faults.cluster import Cluster
from tests.faults.conftest import Installation

Noticed = Callable[[], None]


def lose_the_machine(cluster: Cluster, noticed: Noticed) -> None:
    cluster.kill()
    noticed()
    cluster.start()


def stop_without_a_checkpoint(cluster: Cluster, noticed: Noticed) -> None:
    cluster.stop_immediately()
    noticed()
    cluster.start()


def lose_one_connection(cluster: Cluster, noticed: Noticed) -> None:
    """The server throws out every connection then and recovers by itself."""
    cluster.kill_backend()
    noticed()


WAYS = (lose_the_machine, stop_without_a_checkpoint, lose_one_connection)


def test_the_service_outlives_its_database(installation: Installation, kills: int) -> None:
    cluster, answers = installation.cluster, installation.answers
    with installation.serving(), installation.writing() as writers:
        for way in islice(cycle(WAYS), kills):
            writers.wait_for(5)
            way(cluster, lambda: writers.wait_for(1, status=503))
        writers.wait_for(5)
    found = installation.ledger()
    print(f"\n{kills} kills of the database: {found}; statuses {dict(answers.statuses)}, {answers.cut} cut off")
    assert not any(found.faults)
    assert {201, 503} <= answers.statuses.keys() <= {201, 409, 503}  # 409: the first attempt is still under way
    assert (answers.without_retry, answers.cut) == (0, 0)


def test_without_its_database_the_service_lives_and_is_not_ready(installation: Installation) -> None:
    with installation.serving(), installation.client() as client:
        installation.cluster.kill()
        ready = client.get("/readyz")
        assert client.get("/livez").status_code == 200
        assert ready.status_code == 503
        assert ready.json()["errors"][0]["code"] == "DATABASE_UNREACHABLE"
        installation.cluster.start()
        assert client.get("/readyz").status_code == 200
