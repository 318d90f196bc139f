"""What is installed is exactly what was locked, from whichever registry the machine uses."""

import json
import re
import tomllib

import pytest

from tests.house.repository import ROOT, named, text

PIN = r"^[\w.-]+==\S+|sha256:[0-9a-f]{64}"
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pins(lock: str) -> dict[str, tuple[str, ...]]:
    """Return name -> version and hashes; markers are left out, the two files may word them differently."""
    blocks = re.split(r"\n(?=\S)", text(ROOT / lock).strip())
    return {block.partition("==")[0]: tuple(re.findall(PIN, block)) for block in blocks}


def declared(*extras: str) -> set[str]:
    """Return the distribution names that pyproject.toml asks for."""
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return {re.split(r"[\[><=~!; ]", line)[0].lower().replace("_", "-") for line in wanted}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_to_one_version_with_hashes(lock: str) -> None:
    assert [name for name, (pin, *hashes) in pins(lock).items() if "==" not in pin or not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert "://" not in text(ROOT / lock)


def test_a_javascript_lock_names_no_address() -> None:
    locks = [path for path in named("package-lock.json") if "node_modules" not in path.parts]
    packages = [entry for path in locks for entry in json.loads(text(path))["packages"].values()]
    assert [entry["resolved"] for entry in packages if "resolved" in entry] == []


def test_the_image_gets_the_versions_that_were_tested() -> None:
    tested = pins("requirements-dev.lock")
    assert {name: pin for name, pin in pins("requirements.lock").items() if tested.get(name) != pin} == {}


def test_the_image_gets_no_database_and_no_development_tool() -> None:
    assert declared("embedded", "dev").difference(declared()).isdisjoint(pins("requirements.lock"))


def test_the_locks_hold_everything_that_is_declared() -> None:
    assert declared() <= pins("requirements.lock").keys()
    assert declared("embedded", "dev") <= pins("requirements-dev.lock").keys()
