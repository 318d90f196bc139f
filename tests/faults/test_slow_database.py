"""A database that hangs does not take the service with it."""

from tests.faults.conftest import Installation

# Waiting for a free connection, connecting, the statement itself, and a busy machine.
BOUND_SECONDS = 5 + 5 + 1 + 4
CALLERS = 12


def test_a_locked_table_costs_each_caller_a_bounded_time(installation: Installation) -> None:
    answers = installation.answers
    with installation.serving(QUERY_TIMEOUT_SECONDS="1"), installation.client() as client:
        with installation.cluster.locked("episodes"), installation.writing(CALLERS) as writers:
            writers.wait_for(CALLERS, status=503)
            alive = [client.get("/livez").elapsed.total_seconds() for _ in range(10)]
        with installation.writing() as writers:
            writers.wait_for(5)
    found = installation.ledger()
    print(f"\nlocked table: {found}; statuses {dict(answers.statuses)}, slowest answer {answers.slowest_seconds:.1f} s")
    assert max(alive) < 1
    assert answers.slowest_seconds < BOUND_SECONDS
    assert not any(found.faults)
    assert {201, 503} <= answers.statuses.keys() <= {201, 409, 503}  # 409: the first attempt is still under way
    assert answers.without_retry == 0


def test_a_frozen_server_costs_each_caller_a_bounded_time(installation: Installation) -> None:
    """Connections stay open and nobody answers, as when a network swallows every packet."""
    cluster, answers = installation.cluster, installation.answers
    serving, client = installation.serving(QUERY_TIMEOUT_SECONDS="1"), installation.client()
    with serving, client, installation.writing(CALLERS) as writers:
        writers.wait_for(5)
        cluster.freeze()
        writers.wait_for(CALLERS, status=503)
        alive = [client.get("/livez").elapsed.total_seconds() for _ in range(10)]
        cluster.thaw()
        writers.wait_for(5)
    found = installation.ledger()
    print(
        f"\nfrozen server: {found}; statuses {dict(answers.statuses)}, slowest answer {answers.slowest_seconds:.1f} s"
    )
    assert max(alive) < 1
    assert answers.slowest_seconds < BOUND_SECONDS
    assert not any(found.faults)
    assert {201, 503} <= answers.statuses.keys() <= {201, 409, 503}  # 409: the first attempt is still under way
    assert answers.without_retry == 0
