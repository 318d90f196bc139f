"""From each statement of the source document to the rules that rest on it and the cases that show them."""

import argparse
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import yaml

import app.rules
import app.taper
from app.knowledge.load import load_knowledge, load_reviewed
from app.knowledge.registry import REGISTRY
from app.knowledge.trace import Matrix, render, trace, write_markdown
from app.settings import Settings

CASES = Path("tests/rules/cases")
COMMITTED = Path("docs/trace.md")


def run(_settings: Settings, options: argparse.Namespace) -> int:
    """Print the matrix; `write` renews the committed one, `check` fails on a broken link or an outdated copy."""
    matrix = build_matrix()
    print(render(matrix), end="")
    if options.write:
        COMMITTED.write_text(write_markdown(matrix), encoding="utf-8")
    return int(options.check and not is_sound(matrix))


def build_matrix() -> Matrix:
    """Return the matrix of this checkout."""
    for package in (app.rules, app.taper):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    return trace(load_knowledge(), REGISTRY, _count_cases(), load_reviewed())


def is_sound(matrix: Matrix) -> bool:
    """Tell whether no link is broken and the committed matrix is this one."""
    if matrix.broken:
        print(f"{len(matrix.broken)} broken links: mend each of them.", file=sys.stderr)
        return False
    current = COMMITTED.exists() and COMMITTED.read_text(encoding="utf-8") == write_markdown(matrix)
    if not current:
        print(f"{COMMITTED} is outdated: run `python -m app trace --write`.", file=sys.stderr)
    return current


def _count_cases() -> dict[str, Counter[str]]:
    """Count by rule, named like its file, the cases in which it fires and those in which it stays silent."""
    return {path.stem: _count(path) for path in sorted(CASES.glob("*.yaml"))}


def _count(path: Path) -> Counter[str]:
    cases = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return Counter("fires" if case["fires"] else "silent" for case in cases)
