"""When a plan decided once more is the same plan."""

import json
from dataclasses import replace

from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from app.planning.document import digest, write_document
from app.planning.replay import IDENTICAL, Comparison
from app.planning.replay import compare as compare_up_to
from tests.builders import episode

MOST = 3


def decided(kb: KnowledgeBase) -> bytes:
    return write_document(decide(episode(), kb)).json


def compare(stored: bytes, replayed: bytes) -> Comparison:
    return compare_up_to(stored, replayed, MOST)


def small(**more: object) -> bytes:
    return json.dumps({"engine": {"version": "1"}, "knowledge": {"digest": "a"}, **more}).encode()


def test_the_same_bytes_are_the_same_plan(kb: KnowledgeBase) -> None:
    assert compare(decided(kb), decided(kb)) is IDENTICAL
    assert IDENTICAL.identical


def test_which_knowledge_decided_is_no_difference_of_the_plan(kb: KnowledgeBase) -> None:
    elsewhere = decided(replace(kb, digest="0" * 64))
    assert elsewhere != decided(kb)
    assert compare(elsewhere, decided(kb)) is IDENTICAL


def test_which_engine_decided_is_no_difference_of_the_plan() -> None:
    stored = small(output_digest="x", disposition="plan")
    assert compare(stored, stored.replace(b'"1"', b'"2"').replace(b'"x"', b'"y"')) is IDENTICAL


def test_of_the_same_versions_the_digest_has_to_be_the_same() -> None:
    found = compare(small(output_digest="x"), small(output_digest="y"))
    assert [one.path for one in found.differences] == ["output_digest"]
    assert not found.identical


def test_of_the_same_versions_another_spelling_is_a_difference() -> None:
    stored = small(disposition="plan")
    (one,) = compare(stored + b" ", stored).differences
    assert (one.path, one.kind, one.stored, one.replayed) == ("", "changed", digest(stored + b" "), digest(stored))


def test_of_the_same_versions_a_difference_is_named_by_its_path_alone() -> None:
    found = compare(small(disposition="plan", headline="a"), small(disposition="refer", headline="b"))
    assert [one.path for one in found.differences] == ["disposition", "headline"]
    assert found.impact.disposition


def test_differences_are_shown_up_to_a_bound_and_the_rest_is_counted() -> None:
    shown = [
        compare(small(many=dict.fromkeys("abcde"[:count], 1)), small(many=dict.fromkeys("abcde"[:count], 2)))
        for count in (MOST - 1, MOST, MOST + 1)
    ]
    assert [(len(one.differences), one.not_shown) for one in shown] == [(MOST - 1, 0), (MOST, 0), (MOST, 1)]
