"""The service as a process of its own."""

import json
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from app.commands.serve import server_options
from app.settings import Settings
from tests.house.repository import ROOT


def ready_at(port: int, process: "subprocess.Popen[str]") -> None:
    """Wait for the line of the log that says so."""
    assert process.stderr is not None
    for line in process.stderr:
        if json.loads(line)["event"] == "ready":
            break
    transport = httpx.HTTPTransport(retries=5)
    with httpx.Client(transport=transport, trust_env=False) as client:
        assert client.get(f"http://127.0.0.1:{port}/readyz").is_success


def test_it_leaves_a_token_serves_until_it_is_told_to_stop_and_writes_nothing_but_json(
    database_url: str, free_port: int, tmp_path: Path
) -> None:
    environment = {"DATABASE_URL": database_url, "PORT": str(free_port), "DATA_DIR": str(tmp_path)}
    command = (sys.executable, "-m", "app", "serve")
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stderr=subprocess.PIPE, text=True
    ) as process:
        ready_at(free_port, process)
        headers = {"Authorization": f"Bearer {(tmp_path / 'token').read_text()}"}
        known = httpx.get(f"http://127.0.0.1:{free_port}/v1/knowledge", headers=headers, trust_env=False)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert known.is_success
    assert process.returncode == 0
    assert [json.loads(line)["level"] for line in said.splitlines()].count("error") == 0


def test_every_option_reaches_the_processes_that_serve() -> None:
    options = server_options(Settings(max_head_bytes=2048))
    http = pickle.loads(pickle.dumps(options))["http"]  # noqa: S301 - our own
    assert http.keywords["longest_bytes"] == 2048
