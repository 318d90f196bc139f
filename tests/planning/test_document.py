import json
from hashlib import sha256

from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from app.planning.document import UNSTORED, input_digest, join_header, write_document
from tests.builders import episode


def test_the_digest_names_everything_before_it(kb: KnowledgeBase) -> None:
    document = write_document(decide(episode(), kb))
    body, _, _ = document.json.rpartition(b',"output_digest"')
    assert document.output_digest == f"sha256:{sha256(body + b'}').hexdigest()}"


def test_a_header_goes_in_front_and_leaves_the_document_as_it_is(kb: KnowledgeBase) -> None:
    document = write_document(decide(episode(), kb)).json
    joined = join_header(UNSTORED, document)
    assert joined.endswith(document[1:])
    assert json.loads(joined)["retrospective"] is False


def test_different_episodes_have_different_digests() -> None:
    assert input_digest(episode()) != input_digest(episode(patient={"weight_kg": 81}))
