"""Use cases reach kept records through an access, which is recorded; no other way leads from them to the database."""

import re

from tests.house.repository import ROOT, named, short, text

WAYS = {
    "app/usecases/access.py": "lends the connections and records what they are for",
    "app/usecases/service.py": "holds the database",
    "app/usecases/seal_audit.py": "seals the log itself and reads no patient data",
    "app/usecases/verify_audit.py": "checks the log itself and reads no patient data",
}
LENDING = re.compile(r"\.(connect|transaction|without_tenant|owner)\(")
DATABASE = re.compile(LENDING.pattern + r"|\.database\b")


def test_only_what_is_named_here_lends_a_connection_to_use_cases() -> None:
    found = {short(path) for path in named(".py", "app/usecases") if DATABASE.search(text(path))}
    assert found == WAYS.keys()


def test_no_door_and_no_command_lends_a_connection() -> None:
    rooms = (*named(".py", "app/api"), *named(".py", "app/commands"))
    assert [short(path) for path in rooms if LENDING.search(text(path))] == []


def test_every_file_named_here_exists() -> None:
    assert [name for name in WAYS if not (ROOT / name).exists()] == []
