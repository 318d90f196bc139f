"""The documents tell the truth about what can be made."""

import re

from tests.house.repository import ROOT, text


def test_every_command_that_a_document_names_can_be_made() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    documents = [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
    named = {name for path in documents for name in re.findall(r"(?:^|`)make ([a-z-]+)", text(path), re.MULTILINE)}
    assert {"run", "check"} <= named <= targets
