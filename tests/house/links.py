"""Does what a document names as proof exist? A test, a case of a rule, or a command."""

import argparse
import re
from pathlib import Path

from app.__main__ import _parser
from tests.house.repository import ROOT, read_yaml, text, tree

_TARGETS = re.compile(r"^([a-z-]+):", re.MULTILINE)


def exists(link: str) -> bool:
    """Whether a link leads somewhere: `file::test`, `case file#title`, a whole test file, or a command."""
    if link.startswith(("make ", "python ")):
        return _is_command(link)
    file, separator, name = link.partition("#" if "#" in link else "::")
    path = ROOT / file
    if not path.is_file():
        return False
    if not separator:
        return path.name.startswith("test_")
    return name in (_titles(path) if separator == "#" else _tests(path))


def _titles(path: Path) -> set[str]:
    return {case["title"] for case in read_yaml(path)}


def _tests(path: Path) -> set[str]:
    names = (getattr(node, "name", "") for node in tree(path).body)
    return {name for name in names if name.startswith("test_")}


def _is_command(line: str) -> bool:
    match line.split():
        case ["make", target, *_]:
            return target in _TARGETS.findall(text(ROOT / "Makefile"))
        case ["python", "-m", "app", command, *options]:
            return _accepts(command, options)
        case _:
            return False


def _accepts(command: str, options: list[str]) -> bool:
    """Whether the command line knows the command and each of its options."""
    (commands,) = (one for one in _parser()._actions if isinstance(one, argparse._SubParsersAction))
    known = commands.choices.get(command)
    return known is not None and all(option in known._option_string_actions for option in options if option[:1] == "-")
