"""Three-valued answers about a statement of the source document, each with the facts that decided it."""

from dataclasses import dataclass
from functools import cache

from app.clinical.remark import StatementVerdict
from app.clinical.vocabulary import Verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict with its reason and the facts behind it."""

    verdict: Verdict
    because: str
    facts: tuple[str, ...] = ()

    def about(self, statement_id: str) -> StatementVerdict:
        """Return the contract's form for one statement."""
        return _verdict(statement_id, self)


# Few different answers can be given about a statement (counts are bounded), and they are given to every patient.
@cache
def _verdict(statement_id: str, answer: Answer) -> StatementVerdict:
    return StatementVerdict(id=statement_id, verdict=answer.verdict, because=answer.because, facts=answer.facts)


def from_truth(facts: tuple[str, ...], *, known: bool | None, yes: str, no: str, unknown: str) -> Answer:
    """Return the answer for a three-valued fact: unknown is never read as no."""
    if known is None:
        return Answer("unknown", unknown, facts)
    return Answer("applies", yes, facts) if known else Answer("does_not_apply", no, facts)
