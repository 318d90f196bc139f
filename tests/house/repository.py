"""What the house rules look at: the files of this checkout and the syntax trees of the application."""

import ast
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


@cache
def files() -> tuple[Path, ...]:
    """Return every file that is committed or would be: what git ignores does not count."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(path for path in (ROOT / name for name in sorted(names)) if path.is_file())


def named(suffix: str, folder: str = "") -> tuple[Path, ...]:
    """Return the files below `folder` whose name ends in `suffix`."""
    return tuple(path for path in files() if path.name.endswith(suffix) and path.is_relative_to(ROOT / folder))


def short(path: Path) -> str:
    """Return the path as it is written in the repository."""
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    """Return the content, or nothing for a file that is not text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file; the parser in C reads the contract in a tenth of the time."""
    return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text("utf-8"))


def unsaid(codes: Iterable[str]) -> list[str]:
    """Return those codes of a document that neither the code nor the data of the application ever says."""
    said = "".join(text(path) for path in (*named(".py", "app"), *named(".yaml", "app")))
    return [code for code in sorted(set(codes)) if f'"{code}"' not in said and f" {code}\n" not in said]
