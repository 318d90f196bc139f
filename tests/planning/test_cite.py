import pytest

from app.clinical.remark import Remark
from app.knowledge.base import KnowledgeBase
from app.planning.cite import resolve


def remark(*cites: str) -> Remark:
    return Remark(code="A", text="a", rule="r", citations=cites)


def test_citations_come_as_statements_then_references_then_policies(kb: KnowledgeBase) -> None:
    found = resolve(((remark("P-order", "K09"), remark("S05")),), (), kb)
    assert [row.id for row in found] == ["S05", "K09", "REF1", "P-order"]


def test_the_publication_behind_a_statement_is_resolved_with_it(kb: KnowledgeBase) -> None:
    assert "REF2" in {row.id for row in resolve((remark("S17"),), (), kb)}


def test_an_id_that_nobody_knows_lets_no_plan_leave(kb: KnowledgeBase) -> None:
    with pytest.raises(KeyError):
        resolve((remark("S99"),), (), kb)
