"""Every file has a home, fits on a few screens and holds on any machine."""

import re
from pathlib import Path

import pytest

from tests.house.repository import ROOT, files, named, short, text

LONGEST = 250
# A thing with no better name has no home yet.
HOMELESS = {"utils", "util", "common", "helpers", "helper", "core", "services", "manager", "managers", "misc"}
MACHINE = re.compile(r"(?<![\w.])(/work|/root|/home|/Users)/\w|[A-Z]:\\\\\w")
# Written in two parts so that this file passes its own check.
REGISTRIES = re.compile(
    "|".join(rf"{name}\.{top}\b" for name, top in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", r"(org|com)")))
)
# A private key, and a signed token with its three parts.
SECRETS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}")


@pytest.mark.parametrize("path", named(".py", "app"), ids=short)
def test_a_file_of_the_application_fits_on_a_few_screens(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


def test_no_module_has_a_name_that_says_nothing() -> None:
    modules = (path.relative_to(ROOT).with_suffix("") for path in named(".py"))
    assert [path for path in modules if HOMELESS.intersection(path.parts)] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert [short(path) for path in files() if MACHINE.search(text(path))] == []


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert [short(path) for path in files() if REGISTRIES.search(text(path))] == []


def test_no_file_holds_a_private_key_or_a_token() -> None:
    assert [short(path) for path in files() if SECRETS.search(text(path))] == []


def test_every_package_of_the_application_has_a_docstring_that_says_what_lives_there() -> None:
    folders = {path.parent for path in named(".py", "app")}
    assert [short(folder) for folder in folders if not text(folder / "__init__.py").startswith('"""')] == []


def test_every_decision_stands_in_the_index() -> None:
    index = text(ROOT / "docs/decisions/README.md")
    decisions = [path.name for path in named(".md", "docs/decisions") if path.name != "README.md"]
    assert [name for name in decisions if f"]({name})" not in index] == []


def test_every_link_between_documents_leads_to_a_file() -> None:
    link = re.compile(r"\]\((?!https?://|#)([^)#\s]+)(?:#[^)]*)?\)")
    documents = [(path, target) for path in named(".md") for target in link.findall(text(path))]
    assert [(short(path), target) for path, target in documents if not (path.parent / target).exists()] == []
