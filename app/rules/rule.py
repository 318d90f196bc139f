"""A rule asks one question of the facts and answers with values; the engine stamps who said it and on what ground.

A rule never raises for a clinical outcome. A finding without a source cannot be built: `@rule` refuses empty cites.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import wraps
from typing import ParamSpec, TypeVar

from app.clinical.remark import Alert, MissingData, Remark
from app.clinical.vocabulary import Severity
from app.knowledge.registry import enter


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule answers. `cites` names sources beyond the rule's own, a table row's for example."""

    code: str
    text: str
    cites: tuple[str, ...] = ()
    rule: str = ""

    def remark(self) -> Remark:
        """Return the contract's form."""
        return Remark(code=self.code, text=self.text, rule=self.rule, citations=self.cites)


class Reason(Finding):
    """Why an option stands where it stands."""


class NotIndicated(Finding):
    """A reason that makes an option not indicated."""


class Block(Finding):
    """A reason that forbids an option: no dose."""


class Caution(Finding):
    """A warning beside an option."""


@dataclass(frozen=True, slots=True)
class DoseCaution(Caution):
    """A warning about the number of a drug: it goes where the number is withheld."""

    drug: str = ""


@dataclass(frozen=True, slots=True)
class Condition(Finding):
    """A fact that has to be supplied or settled first; `withholds` names the drugs that get no dose until then."""

    withholds: tuple[str, ...] = ()
    until: str | None = None
    specialist: bool = False
    deferral: bool = False


@dataclass(frozen=True, slots=True)
class Notice(Finding):
    """An alert on the whole plan."""

    severity: Severity = "warning"

    def alert(self) -> Alert:
        """Return the contract's form."""
        return Alert(code=self.code, text=self.text, rule=self.rule, citations=self.cites, severity=self.severity)


@dataclass(frozen=True, slots=True)
class Need:
    """A missing fact: where it goes, what waits for it, what happens meanwhile, how to supply it."""

    path: str
    needed_for: tuple[str, ...]
    effect: str
    how: str

    def missing(self) -> MissingData:
        """Return the contract's form."""
        return MissingData(path=self.path, needed_for=self.needed_for, effect=self.effect, how=self.how)


P = ParamSpec("P")
F = TypeVar("F", bound=Finding)


def _stamp(finding: F, rule_id: str, cites: tuple[str, ...]) -> F:
    return replace(finding, rule=rule_id, cites=tuple(dict.fromkeys((*cites, *finding.cites))))


def rule(rule_id: str, *, cites: tuple[str, ...]) -> Callable[[Callable[P, Iterable[F]]], Callable[P, tuple[F, ...]]]:
    """Register a function that yields findings and stamp each with `rule_id` and `cites`.

    Raises ValueError when the id is taken, the cites are empty or the docstring asks no question.
    """

    def register(function: Callable[P, Iterable[F]]) -> Callable[P, tuple[F, ...]]:
        enter(rule_id, cites, function.__doc__, function.__module__)

        @wraps(function)
        def stamped(*args: P.args, **kwargs: P.kwargs) -> tuple[F, ...]:
            return tuple(_stamp(finding, rule_id, cites) for finding in function(*args, **kwargs))

        return stamped

    return register
