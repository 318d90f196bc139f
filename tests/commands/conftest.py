"""What tests of a listening service need."""

import socket
from contextlib import closing

import pytest


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
