"""The service is killed under load: what it acknowledged is there, and nothing is half there."""

import os
import random
import signal
import time

from tests.faults.conftest import Installation


def test_a_killed_service_loses_nothing_it_acknowledged(installation: Installation, kills: int) -> None:
    moment = random.Random(kills)  # noqa: S311 - when to kill is no secret
    for _ in range(kills):
        with installation.serving() as service, installation.writing() as writers:
            writers.wait_for(10)
            time.sleep(moment.uniform(0, 0.2))
            os.kill(service.pid, signal.SIGKILL)
    found = installation.ledger()
    print(f"\n{kills} kills of the service: {found}; statuses {dict(installation.answers.statuses)}")
    assert not any(found.faults)
    assert installation.answers.statuses.keys() <= {201, 409}
    assert found.acknowledged >= 10 * kills


def test_a_plan_reads_the_same_after_the_kill(installation: Installation) -> None:
    with installation.serving() as service, installation.writing() as writers:
        writers.wait_for(10)
        os.kill(service.pid, signal.SIGKILL)
    with installation.serving(), installation.client() as client:
        read = {plan: client.get(f"/v1/plans/{plan}").json() for plan in installation.answers.plans}
    assert read == installation.answers.plans
