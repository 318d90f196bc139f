"""Reads the knowledge files, checks them and refuses to go on with any fault: nothing half right is ever used.

This is the only module of the core that reads files. Each file maps ids to rows; the id is not repeated in the row.
`data/` is the present version; each earlier one has a folder under `earlier/` that is named as its manifest says.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.knowledge.base import KnowledgeBase
from app.knowledge.checks import Draft, check
from app.knowledge.entries import (
    AnalyteInfo,
    ConditionInfo,
    Conflict,
    DrugInfo,
    Interaction,
    Manifest,
    MonitoringRow,
    Parameter,
    Policy,
    Reference,
    Statement,
    Substance,
    TaskRow,
    TextRow,
)
from app.knowledge.faults import Fault, KnowledgeFaults
from app.knowledge.review import read_stamps
from app.knowledge.rows import PARAMETERS, TABLES, Placed, Shape, build, explain
from app.knowledge.strict_yaml import StrictReader
from app.knowledge.versions import KnowledgeVersions

DATA = Path(__file__).parent / "data"
EARLIER = Path(__file__).parent / "earlier"
MANIFEST = "manifest.yaml"
PARAMETER_FOLDER = "parameters"
REVIEWED = "reviewed.lock"


def load_knowledge(folder: Path | None = None) -> KnowledgeBase:
    """Return the knowledge of `folder`, the packaged one by default.

    Raises KnowledgeFaults with every fault of every file.
    """
    texts = _read(folder or DATA)
    said, faults = _parse(texts)
    manifest, draft = _manifest(said, faults), _draft(said, faults)
    faults += check(draft)
    if faults or manifest is None:
        raise KnowledgeFaults(faults)
    return _assemble(manifest, _digest(texts), draft)


def load_versions(present: Path | None = None, earlier: Path | None = None) -> KnowledgeVersions:
    """Return the present knowledge with every version kept beside it.

    Raises KnowledgeFaults with every fault of the present version, or else of all the earlier ones.
    """
    now = load_knowledge(present)
    found = [item for folder in _version_folders(earlier or EARLIER) for item in _load_earlier(folder, now)]
    faults = [item for item in found if isinstance(item, Fault)]
    if faults:
        raise KnowledgeFaults(faults)
    return KnowledgeVersions(now, tuple(item for item in found if isinstance(item, KnowledgeBase)))


def load_reviewed(folder: Path | None = None) -> dict[str, str]:
    """Return the stamps of the last review by statement id."""
    return read_stamps(((folder or DATA) / REVIEWED).read_text(encoding="utf-8"))


def _version_folders(root: Path) -> list[Path]:
    """Return the folder of each earlier version; before the second version there is none."""
    return sorted(path for path in root.glob("*") if path.is_dir())


def _load_earlier(folder: Path, present: KnowledgeBase) -> Iterator[KnowledgeBase | Fault]:
    """Yield the knowledge of a folder, or what is wrong with it under its path from the folder of all versions."""
    try:
        kb = load_knowledge(folder)
    except KnowledgeFaults as found:
        yield from (replace(fault, file=f"{folder.name}/{fault.file}") for fault in found.faults)
        return
    version, manifest = kb.manifest.version, f"{folder.name}/{MANIFEST}"
    if version != folder.name:
        yield Fault(manifest, "", f"`version` is {version}, but the folder is named {folder.name}")
    elif version == present.manifest.version:
        yield Fault(manifest, "", f"`version` {version} is the present one: raise that before this is kept beside it")
    yield kb


def _read(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every YAML file by its path below `folder`, sorted by it."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.yaml")}
    return {name: paths[name].read_bytes() for name in sorted(paths)}


def _digest(texts: Mapping[str, bytes]) -> str:
    """Return one SHA-256 over names and contents; lengths keep the parts apart."""
    digest = sha256()
    for name, content in texts.items():
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _parse(texts: Mapping[str, bytes]) -> tuple[dict[str, dict[str, Any]], list[Fault]]:
    readers = {name: StrictReader(name, content) for name, content in texts.items()}
    faults = [fault for reader in readers.values() for fault in reader.faults]
    expected = {MANIFEST, *(f"{table}.yaml" for table in TABLES)}
    faults += [Fault(name, "", "the file is missing") for name in expected - readers.keys()]
    faults += [
        Fault(name, "", "no table has this name")
        for name in readers.keys() - expected
        if not name.startswith(f"{PARAMETER_FOLDER}/")
    ]
    return {name: reader.rows for name, reader in readers.items()}, faults


def _manifest(said: Mapping[str, dict[str, Any]], faults: list[Fault]) -> Manifest | None:
    try:
        return Manifest.model_validate(said.get(MANIFEST, {}))
    except ValidationError as error:
        faults += [Fault(MANIFEST, "", message) for message in explain(error)]
        return None


def _draft(said: Mapping[str, dict[str, Any]], faults: list[Fault]) -> Draft:
    found = [item for shape, name in _files(said) for item in build(shape, name, said[name])]
    faults += [item for item in found if isinstance(item, Fault)]
    faults += _parameters_given_twice(said)
    ids = {table: frozenset(said.get(f"{table}.yaml", {})) for table in TABLES}
    return Draft([item for item in found if isinstance(item, Placed)], ids)


def _files(said: Mapping[str, dict[str, Any]]) -> Iterator[tuple[Shape, str]]:
    for table, shape in TABLES.items():
        if (name := f"{table}.yaml") in said:
            yield shape, name
    yield from ((PARAMETERS, name) for name in _parameter_files(said))


def _parameter_files(said: Mapping[str, dict[str, Any]]) -> list[str]:
    return [name for name in said if name.startswith(f"{PARAMETER_FOLDER}/")]


def _parameters_given_twice(said: Mapping[str, dict[str, Any]]) -> Iterator[Fault]:
    files = _parameter_files(said)
    count = Counter(parameter for name in files for parameter in said[name])
    for name in files:
        for parameter in said[name]:
            if count[parameter] > 1:
                yield Fault(name, parameter, "another file holds a parameter of this name")


def _assemble(manifest: Manifest, digest: str, draft: Draft) -> KnowledgeBase:
    return KnowledgeBase(
        manifest=manifest,
        digest=digest,
        statements=draft.table(Statement),
        references=draft.table(Reference),
        policies=draft.table(Policy),
        conflicts=draft.table(Conflict),
        parameters=draft.table(Parameter),
        analytes=draft.table(AnalyteInfo),
        drugs=draft.table(DrugInfo),
        substances=draft.table(Substance),
        interactions=draft.table(Interaction),
        conditions=draft.table(ConditionInfo),
        monitoring=draft.table(MonitoringRow),
        tasks=draft.table(TaskRow),
        texts=draft.table(TextRow),
    )
