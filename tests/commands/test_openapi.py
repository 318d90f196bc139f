"""The committed copy of the contract."""

from pathlib import Path

import pytest

from app.__main__ import main

pytestmark = pytest.mark.usefixtures("log_as_before")


def test_it_is_written_from_the_code_and_any_other_copy_told_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi").mkdir()
    assert main(["openapi", "--check"]) == 1
    assert main(["openapi"]) == 0
    assert main(["openapi", "--check"]) == 0
    copy = tmp_path / "openapi" / "openapi.yaml"
    copy.write_text(copy.read_text().replace("createEpisode", "makeEpisode"))
    assert main(["openapi", "--check"]) == 1
