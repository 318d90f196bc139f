"""Severity tier of a hepatitis flare: the first tier that matches, from T5 down (P-severity).

A tier is never read out of missing results. Without a current bilirubin and INR it is unknown unless T5 already holds;
below T3 it is unknown while nobody says whether there is a complication of cirrhosis and, unless cirrhosis is excluded,
while a MELD variant is missing or high; below T2 it is unknown while bilirubin or INR cannot be read against its own
limit; and T0 needs all five tests.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.clinical.plan import SeverityBasis
from app.clinical.vocabulary import Analyte, Cirrhosis, FlareSeverity, ScoreName, Tier
from app.facts.facts import LabFact, SeverityFact
from app.knowledge.base import KnowledgeBase

_TRANSAMINASES: tuple[Analyte, ...] = ("alt", "ast")
_LIVER_FUNCTION: tuple[Analyte, ...] = ("bilirubin_total", "inr")
_ALL_TESTS: tuple[Analyte, ...] = (*_TRANSAMINASES, "igg", *_LIVER_FUNCTION)
_SEVERE_TIERS = frozenset({"T3", "T4", "T5"})

Basis = Iterator[SeverityBasis]


@dataclass(frozen=True, slots=True)
class SeverityInputs:
    """What the tier is read from; None is unknown.

    `meld_highest` is the highest reported MELD variant, `meld_unknown` names those that could not be computed.
    """

    labs: dict[Analyte, LabFact]
    meld_highest: Decimal | None
    meld_unknown: tuple[ScoreName, ...]
    cirrhosis: Cirrhosis | None
    encephalopathy: bool | None
    ascites: bool | None
    variceal_bleed: bool | None
    recorded: FlareSeverity | None

    @property
    def cirrhotic(self) -> bool:
        """Whether cirrhosis is known, the condition under which a MELD decides."""
        return self.cirrhosis in {"compensated", "decompensated"}

    @property
    def complications(self) -> dict[str, bool | None]:
        """The complications of cirrhosis: each alone makes T5."""
        return {
            "encephalopathy": self.encephalopathy,
            "ascites": self.ascites,
            "variceal_bleed": self.variceal_bleed,
        }


def hepatitis_severity(facts: SeverityInputs, kb: KnowledgeBase) -> SeverityFact:
    """Return tier, severity and the facts that decided both."""
    tier, basis = _tier(facts, kb)
    marks = tuple(_marks_of_severity(tier, facts, kb))
    return SeverityFact(tier, _severe(tier, marks, facts), (*basis, *marks))


def other_severity(recorded: FlareSeverity | None) -> SeverityFact:
    """Return the severity of a disease without tiers: only what the sender recorded as severe."""
    if recorded == "severe":
        return SeverityFact(tier="unknown", severe=True, basis=(_RECORDED_SEVERE,))
    return SeverityFact(tier="unknown", severe=None, basis=())


def _tier(facts: SeverityInputs, kb: KnowledgeBase) -> tuple[Tier, tuple[SeverityBasis, ...]]:
    for tier, matches in _TIERS:
        basis = tuple(matches(facts, kb))
        if basis:
            return tier, basis
    return "T0", tuple(_within_limits(facts.labs[name]) for name in _ALL_TESTS)


def _severe(tier: Tier, marks: tuple[SeverityBasis, ...], facts: SeverityInputs) -> bool | None:
    """Return False only when tier and both transaminases say so."""
    if marks or tier in _SEVERE_TIERS:
        return True
    told = tier != "unknown" and all(facts.labs[name].x_uln is not None for name in _TRANSAMINASES)
    return False if told else None


def _marks_of_severity(tier: Tier, facts: SeverityInputs, kb: KnowledgeBase) -> Basis:
    """Yield what makes a flare severe in any tier, and the failing one of bilirubin and INR where no tier shows it."""
    if tier == "unknown":
        yield from _failing_function(facts, kb)
    yield from _transaminases_from(kb.number("severity_transaminase_severe_x_uln"), facts)
    if facts.recorded == "severe":
        yield _RECORDED_SEVERE


def _decompensated(facts: SeverityInputs, kb: KnowledgeBase) -> Basis:
    """T5: a complication of cirrhosis, or a high MELD in known cirrhosis."""
    for name, present in facts.complications.items():
        if present:
            yield SeverityBasis(fact=name, detail="present")
    limit = kb.number("severity_meld_in_cirrhosis")
    highest = facts.meld_highest if facts.cirrhotic else None
    if highest is not None and highest >= limit:
        yield SeverityBasis(fact="meld", detail=f"{highest} in cirrhosis is {limit} or more")


def _function_unknown(facts: SeverityInputs, _kb: KnowledgeBase) -> Basis:
    """Unknown: without liver function a flare is never called mild."""
    for name in _LIVER_FUNCTION:
        if not facts.labs[name].known:
            yield SeverityBasis(fact=_path(name), detail=_why_unknown(facts.labs[name]))


def _acute_severe(facts: SeverityInputs, kb: KnowledgeBase) -> Basis:
    """T4: bilirubin and INR both past their limits."""
    basis = tuple(_failing_function(facts, kb))
    return iter(basis if len(basis) == len(_LIVER_FUNCTION) else ())


def _failing_function(facts: SeverityInputs, kb: KnowledgeBase) -> Basis:
    """T3: bilirubin or INR past its limit."""
    above, least = kb.number("severity_bilirubin_above"), kb.number("severity_inr_from")
    bilirubin, inr = facts.labs["bilirubin_total"], facts.labs["inr"]
    if bilirubin.value is not None and bilirubin.value > above:
        yield _basis(bilirubin, f"above {above} {bilirubin.unit}")
    if inr.value is not None and inr.value >= least:
        yield _basis(inr, f"{least} or more")


def _moderate(facts: SeverityInputs, kb: KnowledgeBase) -> Basis:
    """T2: clearly raised transaminases or IgG, or liver function outside its own limits."""
    yield from _transaminases_from(kb.number("severity_transaminase_moderate_x_uln"), facts)
    yield from _above(kb.number("severity_igg_moderate_x_uln"), ("igg",), facts)
    yield from _above(Decimal(1), _LIVER_FUNCTION, facts)


def _complication_open(facts: SeverityInputs, _kb: KnowledgeBase) -> Basis:
    """Unknown: a complication that nobody has ruled out may be the one that makes T5."""
    for name, present in facts.complications.items():
        if present is None:
            yield SeverityBasis(fact=name, detail="not known, so not excluded")


def _meld_open(facts: SeverityInputs, kb: KnowledgeBase) -> Basis:
    """Unknown: while cirrhosis is not excluded, a high MELD, or a variant that could not be computed, may make T5."""
    if facts.cirrhosis == "none":
        return
    limit, highest = kb.number("severity_meld_in_cirrhosis"), facts.meld_highest
    for name in facts.meld_unknown:
        yield SeverityBasis(fact=name, detail=f"could not be computed: {limit} or more is not excluded in cirrhosis")
    if not facts.cirrhotic and highest is not None and highest >= limit:
        yield SeverityBasis(
            fact="condition.cirrhosis", detail=f"not known, and a MELD of {highest} decides in cirrhosis"
        )


def _function_not_interpretable(facts: SeverityInputs, _kb: KnowledgeBase) -> Basis:
    """Unknown: without their own limits a raised bilirubin or INR, which makes T2, is not excluded."""
    return _not_interpretable(_LIVER_FUNCTION, facts)


def _mild(facts: SeverityInputs, _kb: KnowledgeBase) -> Basis:
    """T1: transaminases or IgG above their own limits."""
    yield from _above(Decimal(1), (*_TRANSAMINASES, "igg"), facts)


def _not_all_interpretable(facts: SeverityInputs, _kb: KnowledgeBase) -> Basis:
    """Unknown: nothing abnormal is known, but not everything is known."""
    return _not_interpretable(_ALL_TESTS, facts)


def _not_interpretable(names: tuple[Analyte, ...], facts: SeverityInputs) -> Basis:
    for name in names:
        if facts.labs[name].above_uln is None:
            yield SeverityBasis(fact=_path(name), detail=_why_unknown(facts.labs[name]))


_TIERS: tuple[tuple[Tier, Callable[[SeverityInputs, KnowledgeBase], Basis]], ...] = (
    ("T5", _decompensated),
    ("unknown", _function_unknown),
    ("T4", _acute_severe),
    ("T3", _failing_function),
    ("unknown", _complication_open),
    ("unknown", _meld_open),
    ("T2", _moderate),
    ("unknown", _function_not_interpretable),
    ("T1", _mild),
    ("unknown", _not_all_interpretable),
)
_RECORDED_SEVERE = SeverityBasis(fact="flare.severity", detail="recorded as severe")


def _transaminases_from(limit: Decimal, facts: SeverityInputs) -> Basis:
    for name in _TRANSAMINASES:
        multiple = facts.labs[name].x_uln
        if multiple is not None and multiple >= limit:
            yield _basis(facts.labs[name], f"{limit} x its upper limit or more")


def _above(limit: Decimal, names: tuple[Analyte, ...], facts: SeverityInputs) -> Basis:
    for name in names:
        multiple = facts.labs[name].x_uln
        if multiple is not None and multiple > limit:
            yield _basis(facts.labs[name], f"above {limit} x its upper limit")


def _within_limits(lab: LabFact) -> SeverityBasis:
    return _basis(lab, "not above its upper limit")


def _basis(lab: LabFact, judged: str) -> SeverityBasis:
    return SeverityBasis(fact=_path(lab.analyte), detail=f"{lab.as_sent}: {judged}")


def _why_unknown(lab: LabFact) -> str:
    if lab.known:
        return "sent without its upper limit"
    return "not sent" if lab.age_days is None else f"{lab.age_days} days old, out of date"


def _path(analyte: Analyte) -> str:
    return f"labs.{analyte}"
