"""Which version marks let a change through (RFC 9110, section 13.1.1)."""

import pytest

from app.errors import PreconditionFailed, PreconditionMissing
from app.usecases.versions import check_version, require_version

PRESENT = '"2"'
MATCHING = ['"2"', '"1", "2"', '"2","3"', ' "2" ', "*", " * "]
OTHER = ['"1"', '"1", "3"', 'W/"2"', 'W/"2", "1"', "2", "'2'", '"2', '"22"', '""', "", ",", '"1", *', "**"]


@pytest.mark.parametrize("if_match", MATCHING)
def test_a_mark_of_the_present_version_lets_a_change_through(if_match: str) -> None:
    require_version(if_match, PRESENT)
    check_version(if_match, PRESENT)


@pytest.mark.parametrize("if_match", OTHER)
def test_any_other_mark_stops_it(if_match: str) -> None:
    for check in (require_version, check_version):
        with pytest.raises(PreconditionFailed):
            check(if_match, PRESENT)


def test_a_change_without_a_mark_is_stopped_where_one_is_needed() -> None:
    check_version(None, PRESENT)
    with pytest.raises(PreconditionMissing):
        require_version(None, PRESENT)
