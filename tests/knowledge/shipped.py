"""Copies of the shipped knowledge as other versions: the same files but for the version and single values."""

import re
import shutil
from pathlib import Path

from app.knowledge.base import KnowledgeBase
from app.knowledge.load import DATA, MANIFEST, load_knowledge


def copied(folder: Path, version: str, **values: str) -> Path:
    """Write the shipped files into `folder` under another version, with parameters of other values, and return it."""
    shutil.copytree(DATA, folder)
    _put(folder / MANIFEST, r'^version: "[^"]*"', f'version: "{version}"')
    for name, value in values.items():
        _put(_holder(folder, name), rf'^{name}: {{value: "[^"]*"', f'{name}: {{value: "{value}"')
    return folder


def version(folder: Path, name: str, **values: str) -> KnowledgeBase:
    """Return the knowledge of such a copy, kept in `folder` under its version."""
    return load_knowledge(copied(folder / name, name, **values))


def _holder(folder: Path, parameter: str) -> Path:
    files = (folder / "parameters").glob("*.yaml")
    return next(path for path in files if f"\n{parameter}: " in f"\n{path.read_text(encoding='utf-8')}")


def _put(path: Path, pattern: str, text: str) -> None:
    changed, count = re.subn(pattern, text, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count == 1, f"{path.name} holds {pattern} {count} times"
    path.write_text(changed, encoding="utf-8")
