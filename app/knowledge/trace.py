"""The trace: statement -> rules that rest on it -> cases that show each rule firing and staying silent.

Rules live above the knowledge, so the caller hands them in. What does not join up is listed as a broken link.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import StatementStatus
from app.knowledge.review import changed_since_review


class CitingRule(Protocol):
    """What the trace needs of a rule."""

    @property
    def id(self) -> str:
        """The id its cases are filed under."""
        ...

    @property
    def cites(self) -> tuple[str, ...]:
        """The ids it rests on."""
        ...


@dataclass(frozen=True, slots=True)
class RuleCases:
    """A rule and the number of its cases in which it fires and in which it stays silent."""

    rule: str
    fires: int
    silent: int


@dataclass(frozen=True, slots=True)
class TraceRow:
    """A statement with the rules that cite it."""

    statement: str
    status: StatementStatus
    rules: tuple[RuleCases, ...]


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A link that leads nowhere: the id of the statement or rule, and what is missing."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every statement with its rules and cases, and every broken link."""

    rows: tuple[TraceRow, ...]
    broken: tuple[BrokenLink, ...]


Rules = Mapping[str, CitingRule]
Cases = Mapping[str, Mapping[str, int]]


def trace(kb: KnowledgeBase, rules: Rules, cases: Cases, reviewed: Mapping[str, str]) -> Matrix:
    """Return the matrix of `rules` over the statements of `kb`.

    `cases` holds by rule id how many cases show it firing ("fires") and silent ("silent"); `reviewed` the stamp of
    each statement's text when its rules were last read against it.
    """
    shown = {rule_id: _shown(rule_id, cases) for rule_id in sorted(rules)}
    rows = tuple(
        TraceRow(key, row.status, tuple(shown[rule_id] for rule_id in shown if key in rules[rule_id].cites))
        for key, row in kb.statements.items()
    )
    broken = (
        *_cited_but_unknown(kb, rules),
        *_implemented_but_uncited(rows),
        *_changed_since_review(kb, reviewed),
        *_half_shown(shown.values()),
        *_cases_without_rule(rules, cases),
    )
    return Matrix(rows, broken)


def render(matrix: Matrix) -> str:
    """Return the matrix as a plain text table, the broken links below it."""
    lines = [_aligned("statement", "status", "rules (fires/silent)")]
    lines += [_aligned(row.statement, row.status, _rules(row)) for row in matrix.rows]
    lines += ["", f"{len(matrix.broken)} broken links", *(f"  {link.id}: {link.reason}" for link in matrix.broken)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def write_markdown(matrix: Matrix) -> str:
    """Return the matrix as the committed document; it changes only when a statement, rule or case does."""
    lines = ["# Trace: statements, rules, cases", ""]
    lines += ["After each rule: cases in which it fires / stays silent.", ""]
    lines += ["| statement | status | rules |", "|---|---|---|"]
    lines += [f"| {row.statement} | {row.status} | {_rules(row)} |" for row in matrix.rows]
    lines += ["", "## Broken links", ""]
    lines += [f"- `{link.id}`: {link.reason}" for link in matrix.broken] or ["None."]
    return "\n".join(lines) + "\n"


def _shown(rule_id: str, cases: Cases) -> RuleCases:
    count = cases.get(rule_id, {})
    return RuleCases(rule_id, count.get("fires", 0), count.get("silent", 0))


def _cited_but_unknown(kb: KnowledgeBase, rules: Rules) -> Iterator[BrokenLink]:
    for rule_id in sorted(rules):
        for cite in rules[rule_id].cites:
            if cite not in kb.citations:
                yield BrokenLink(rule_id, f"cites {cite}, which is not a citable id")


def _implemented_but_uncited(rows: tuple[TraceRow, ...]) -> Iterator[BrokenLink]:
    for row in rows:
        if row.status == "implemented" and not row.rules:
            yield BrokenLink(row.statement, "is marked implemented, but no rule cites it")


def _changed_since_review(kb: KnowledgeBase, reviewed: Mapping[str, str]) -> Iterator[BrokenLink]:
    for key in changed_since_review(kb.statements.values(), reviewed):
        yield BrokenLink(key, "its text changed since the review; read its rules again and renew the stamp")
    for key in sorted(reviewed.keys() - kb.statements.keys()):
        yield BrokenLink(key, "was reviewed, but is no longer a statement")


def _half_shown(shown: Iterable[RuleCases]) -> Iterator[BrokenLink]:
    for count in shown:
        if not count.fires:
            yield BrokenLink(count.rule, "no case shows it firing")
        if not count.silent:
            yield BrokenLink(count.rule, "no case shows it staying silent")


def _cases_without_rule(rules: Rules, cases: Cases) -> Iterator[BrokenLink]:
    for rule_id in sorted(cases.keys() - rules.keys()):
        yield BrokenLink(rule_id, "has cases, but there is no such rule")


def _rules(row: TraceRow) -> str:
    return ", ".join(f"{count.rule} ({count.fires}/{count.silent})" for count in row.rules)


def _aligned(statement: str, status: str, rules: str) -> str:
    return f"{statement:<11}{status:<13}{rules}"
