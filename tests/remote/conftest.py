"""What tests of remote parts need."""

from collections.abc import Iterator

import pytest

from tests.remote.issuer import Issuer, running


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """An issuer on the loopback interface."""
    with running() as up:
        yield up
