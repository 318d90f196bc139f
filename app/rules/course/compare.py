"""One test against its baseline: whether it was and is abnormal, and whether it moved beyond its noise."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.clinical.progress import Change
from app.clinical.vocabulary import Analyte
from app.facts.arithmetic import half_up
from app.facts.facts import LabFact
from app.knowledge.base import KnowledgeBase
from app.rules.plan.three_valued import Answer, all_of, any_of
from app.rules.plan.wording import plain

TESTS: tuple[Analyte, ...] = ("ast", "alt", "bilirubin_total", "inr", "albumin", "igg")
TRANSAMINASES: tuple[Analyte, ...] = ("alt", "ast")
TITLES: Mapping[Analyte, str] = {
    "ast": "AST",
    "alt": "ALT",
    "bilirubin_total": "Bilirubin",
    "inr": "INR",
    "albumin": "Albumin",
    "igg": "IgG",
}
_TENTH = Decimal("0.1")
_HUNDRED = Decimal(100)


def abnormal(fact: LabFact) -> Answer:
    """Whether a result lies outside the laboratory's own limit: albumin below its lower, any other above its upper."""
    if fact.analyte != "albumin":
        return fact.above_uln
    return None if fact.value is None or fact.lower_limit is None else fact.value < fact.lower_limit


@dataclass(frozen=True, slots=True)
class Pair:
    """A test at the start of treatment and now; `now` holds no value unless it was taken after the baseline."""

    before: LabFact
    now: LabFact

    @property
    def known(self) -> bool:
        """Whether there are two values to compare."""
        return self.before.known and self.now.known

    @property
    def difference(self) -> Decimal | None:
        """Now minus before, in the canonical unit; None unless both are known."""
        if self.before.value is None or self.now.value is None:
            return None
        return self.now.value - self.before.value

    @property
    def percent(self) -> Decimal | None:
        """The change in per cent of the baseline, unrounded; None without both values or over a baseline of zero."""
        if self.difference is None or not self.before.value:
            return None
        return self.difference / self.before.value * _HUNDRED

    @property
    def normalised(self) -> bool:
        """Whether a test known to be abnormal before is known to be normal now."""
        return abnormal(self.before) is True and abnormal(self.now) is False

    def improved(self, kb: KnowledgeBase) -> Answer:
        """Whether a test that was abnormal moved towards normal by at least the noise; None where it cannot be told."""
        if self.percent is None:
            return None
        fell = self._worsening(self.percent) <= -kb.number("response_noise_percent")
        return all_of(abnormal(self.before), fell)

    def worsened(self, kb: KnowledgeBase) -> Answer:
        """Whether the test moved away from normal beyond its noise; a value still within its limits never did."""
        if abnormal(self.now) is False:
            return False
        if self.difference is None:
            return None
        if self.now.analyte == "inr":
            return self.difference > kb.number("response_inr_rise")
        return self._beyond_noise(self.difference, kb)

    def told(self) -> str:
        """Return the known values as people read them: `ALT 160 to 80.1 U/L`."""
        values = [plain(value) for value in (self.before.value, self.now.value) if value is not None]
        return f"{TITLES[self.now.analyte]} {' to '.join(values)} {self.now.unit}"

    def change(self) -> Change:
        """Return the row of the contract."""
        return Change(
            analyte=self.now.analyte,
            unit=self.now.unit,
            baseline=self.before.value,
            current=self.now.value,
            change_percent=None if self.percent is None else half_up(self.percent, _TENTH),
            abnormal_before=abnormal(self.before),
            abnormal_now=abnormal(self.now),
        )

    def _beyond_noise(self, difference: Decimal, kb: KnowledgeBase) -> bool:
        """Every rise over a baseline of zero counts; bilirubin has to rise by an amount as well."""
        share = self.percent is None or self._worsening(self.percent) > kb.number("response_noise_percent")
        amount = self.now.analyte != "bilirubin_total" or difference > kb.number("response_bilirubin_rise_mg_dl")
        return share and amount and self._worsening(difference) > 0

    def _worsening(self, change: Decimal) -> Decimal:
        return -change if self.now.analyte == "albumin" else change


def improving(pairs: Mapping[Analyte, Pair], since_step: Mapping[Analyte, Pair], kb: KnowledgeBase) -> Answer:
    """Whether a transaminase is better than when treatment began and no test worse, also than at the last step.

    None where no transaminase can be compared.
    """
    better = any_of(*(pairs[name].improved(kb) for name in TRANSAMINASES))
    worse = any(item.worsened(kb) for item in (*pairs.values(), *since_step.values()))
    return False if worse else better


def pair(before: LabFact, now: LabFact) -> Pair:
    """Return the comparison of two facts of one analyte; a result that is the baseline itself is no new one."""
    newer = before.collected_on is None or (now.collected_on is not None and now.collected_on > before.collected_on)
    return Pair(before, now if newer else LabFact(now.analyte, "absent", now.unit))
