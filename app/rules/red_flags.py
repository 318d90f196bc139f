"""Red flags: asked first, of every condition, also when everything else is missing."""

from collections.abc import Iterator

from app.clinical.plan import RedFlag
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.rules.options.draft import plain
from app.rules.rule import Finding, rule

_FINDINGS = {
    "respiratory_weakness": "Respiratory weakness: threatened breathing.",
    "bulbar_weakness": "Bulbar weakness: swallowing and airway at risk.",
    "alveolar_haemorrhage": "Alveolar haemorrhage.",
    "sepsis_screen_positive": "The sepsis screen is positive.",
    "vision_loss": "Loss of vision.",
    "severe_colitis": "Severe colitis.",
}


class RedFlagFound(Finding):
    """A reason to escalate now."""

    def red_flag(self) -> RedFlag:
        """Return the contract's form."""
        return RedFlag(code=self.code, text=self.text, rule=self.rule, citations=self.cites)


@rule("red_flag_encephalopathy", cites=("P-disposition",))
def encephalopathy(facts: Facts) -> Iterator[RedFlagFound]:
    """Is there hepatic encephalopathy of any grade?"""
    if facts.encephalopathy:
        cause = (
            "acute liver failure" if facts.hepatitis else "failure of the liver, or harm to the brain of another kind"
        )
        yield RedFlagFound("ENCEPHALOPATHY", f"Encephalopathy: possible {cause}.")


@rule("red_flag_finding", cites=("P-disposition", "P-conditions"))
def findings(facts: Facts) -> Iterator[RedFlagFound]:
    """Is one of the emergency findings present?"""
    for code, text in _FINDINGS.items():
        if facts.finding(code):
            yield RedFlagFound(code.upper(), text)


@rule("red_flag_rising_inr", cites=("K33", "P-disposition"))
def rising_inr(facts: Facts, kb: KnowledgeBase) -> Iterator[RedFlagFound]:
    """Is INR 1.5 or more after a rise of at least 0.3 within a week?"""
    now, series = facts.lab("inr"), facts.series.get("inr", ())
    if now is None or now < kb.number("inr_red_flag"):
        return
    latest, window = series[-1], kb.whole("inr_red_flag_days")
    recent = [point.value for point in series if (latest.collected_on - point.collected_on).days <= window]
    if now - min(recent) >= kb.number("inr_red_flag_rise"):
        yield RedFlagFound("INR_RISING", f"INR rose from {plain(min(recent))} to {plain(now)} within {window} days.")


def red_flags(facts: Facts, kb: KnowledgeBase) -> tuple[RedFlagFound, ...]:
    """Return every reason to escalate now."""
    return (*encephalopathy(facts), *findings(facts), *rising_inr(facts, kb))
