"""Versions of the knowledge side by side."""

from pathlib import Path

import pytest

from app.knowledge.base import KnowledgeBase
from app.knowledge.faults import KnowledgeFaults
from app.knowledge.load import load_versions
from app.knowledge.versions import KnowledgeVersions
from tests.knowledge.folder import Files, files, write
from tests.knowledge.shipped import version


def told(name: str, more: Files | None = None) -> Files:
    """Return the small folder under a version, with more files."""
    content = files() | (more or {})
    content["manifest.yaml"]["version"] = name
    return content


def faults(present: Path, earlier: Path) -> list[str]:
    with pytest.raises(KnowledgeFaults) as caught:
        load_versions(present, earlier)
    return [str(fault) for fault in caught.value.faults]


def test_without_earlier_versions_the_present_one_stands_alone(tmp_path: Path, kb: KnowledgeBase) -> None:
    versions = load_versions(None, tmp_path / "none")
    assert [one.digest for one in versions.loaded] == [kb.digest]
    assert versions.earlier == ()


def test_every_folder_of_an_earlier_version_is_loaded_beside_the_present_one(tmp_path: Path) -> None:
    present = write(tmp_path / "data", told("3"))
    for name in ("1", "2"):
        write(tmp_path / "earlier" / name, told(name))
    (tmp_path / "earlier" / "README.md").write_text("No version.\n", encoding="utf-8")
    versions = load_versions(present, tmp_path / "earlier")
    assert [one.manifest.version for one in versions.loaded] == ["3", "1", "2"]


def test_the_faults_of_all_earlier_versions_are_told_at_once_with_their_folder(tmp_path: Path) -> None:
    present = write(tmp_path / "data", told("3"))
    write(tmp_path / "earlier" / "1", told("1", {"extras.yaml": {}}))
    write(tmp_path / "earlier" / "2", told("1"))
    write(tmp_path / "earlier" / "3", told("3"))
    assert faults(present, tmp_path / "earlier") == [
        "1/extras.yaml: no table has this name",
        "2/manifest.yaml: `version` is 1, but the folder is named 2",
        "3/manifest.yaml: `version` 3 is the present one: raise that before this is kept beside it",
    ]


def test_a_version_is_found_by_its_name_and_by_its_digest(tmp_path: Path, kb: KnowledgeBase) -> None:
    old = version(tmp_path, "0.0.9")
    versions = KnowledgeVersions(kb, (old,))
    assert versions.of_version("0.0.9") is versions.of_digest(old.digest) is old
    assert versions.of_version(kb.manifest.version) is versions.of_digest(kb.digest) is kb
    assert versions.of_version("0.0.8") is None
    assert versions.of_digest("0" * 64) is None


def test_two_folders_of_one_version_have_two_digests(tmp_path: Path) -> None:
    as_it_was = version(tmp_path / "a", "0.0.9")
    edited = version(tmp_path / "b", "0.0.9", prednisone_combination_mg="25")
    assert as_it_was.manifest == edited.manifest
    assert as_it_was.digest != edited.digest
