"""The import contracts hold, and they bite: each one breaks when somebody takes the forbidden stair."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.repository import ROOT, text

FORBIDDEN_STAIRS = {
    "clinical imports the rules above it": ("clinical/provoked.py", "from app.rules import rule"),
    "facts import the planning above them": ("facts/provoked.py", "import app.planning"),
    "rules import their sibling, the taper": ("rules/provoked.py", "import app.taper"),
    "the core reads a setting": ("rules/provoked.py", "from app import settings"),
    "the core writes a log line": ("planning/provoked.py", "from app import log"),
    "the core speaks HTTP": ("facts/provoked.py", "import fastapi"),
    "the core speaks SQL": ("planning/provoked.py", "import sqlalchemy"),
    "the core throws dice": ("taper/provoked.py", "import random"),
    "the core looks at the clock": ("facts/provoked.py", "import time"),
    "a use case speaks SQL": ("usecases/provoked.py", "import sqlalchemy"),
    "a door speaks SQL": ("api/provoked.py", "import asyncpg"),
    "a door knows the next": ("api/v1/plans.py", "import app.api.v1.tapers"),
    "a module stands on no floor": ("provoked.py", "X = 1"),
}


def contracts_hold_in(folder: Path) -> bool:
    """Run the import linter as `make check` does."""
    command = (str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the application that a test may damage."""
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold(house: Path) -> None:
    assert contracts_hold_in(house)


@pytest.mark.parametrize("stair", FORBIDDEN_STAIRS)
def test_a_forbidden_import_breaks_a_contract(house: Path, stair: str) -> None:
    name, line = FORBIDDEN_STAIRS[stair]
    with (house / "app" / name).open("a") as module:
        module.write(f"\n{line}\n")
    assert not contracts_hold_in(house)


def test_nobody_but_the_store_is_left_out_of_the_contract_on_sql() -> None:
    contracts = tomllib.loads(text(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (one_cellar,) = [contract for contract in contracts if contract["id"] == "one-cellar"]
    rooms = {path.stem for path in (ROOT / "app").iterdir() if path.suffix == ".py" or list(path.glob("*.py"))}
    assert {f"app.{room}" for room in rooms - {"__init__", "store"}} == set(one_cellar["source_modules"])
