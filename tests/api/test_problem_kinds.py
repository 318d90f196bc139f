"""The table of problems."""

import re

import pytest

from app.api.problem_kind import ProblemKind
from app.api.problem_kinds import KINDS


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_has_a_code_in_capitals_an_error_status_and_whole_sentences(kind: ProblemKind) -> None:
    assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", kind.code)
    assert 400 <= kind.status <= 503
    assert not kind.title.endswith(".")
    assert kind.detail.endswith(".")
    assert kind.remedy.endswith(".")
