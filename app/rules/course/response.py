"""How treatment works: new results against the baseline of the treatment, first match in a fixed order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from app.clinical.vocabulary import Analyte, Response
from app.facts.dates import add_months
from app.facts.facts import LabFact
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.course.compare import TITLES, TRANSAMINASES, Pair, abnormal
from app.rules.plan.three_valued import Answer
from app.rules.plan.wording import plain

REMISSION_TESTS: tuple[Analyte, ...] = ("ast", "alt", "igg")


@dataclass(frozen=True, slots=True)
class View:
    """What is known on the day of an assessment.

    `treated`: an option is followed, accepted or assumed; without one `start_on` is the day itself. `labs` are the
    latest results of that day, `pairs` the six tests against their baseline. `decompensated`: hepatic encephalopathy or
    ascites that was not there when treatment began. `remitted`: a complete response came before.
    """

    on: date
    start_on: date
    treated: bool
    labs: Mapping[Analyte, LabFact]
    pairs: Mapping[Analyte, Pair]
    decompensated: Answer
    remitted: bool

    @property
    def day(self) -> int:
        """Days since the start of treatment."""
        return (self.on - self.start_on).days


@dataclass(frozen=True, slots=True)
class Reading:
    """The response with the sentence that says why."""

    response: Response
    because: str
    citations: tuple[str, ...]


Question = Callable[[View, KnowledgeBase], Reading | None]


def read_response(view: View, kb: KnowledgeBase) -> Reading:
    """Return the first answer that holds; what cannot be compared is never called a success or a failure."""
    for question in _IN_ORDER:
        answer = question(view, kb)
        if answer is not None:
            return answer
    return _unreadable("Too little is known on this day to read a response; send what the basis shows as missing.")


@asks("assessment_urgent", cites=("K33", "C12", "S43", "P-assessment"))
def urgent(view: View, kb: KnowledgeBase) -> Reading | None:
    """Did bilirubin or INR rise beyond noise out of its limits, or is there new decompensation?"""
    rose = [TITLES[name] for name in ("bilirubin_total", "inr") if view.pairs[name].worsened(kb)]
    signs = [*(f"{name} rose" for name in rose), *(["new encephalopathy or ascites"] if view.decompensated else [])]
    if not signs:
        return None
    text = f"Escalate now: {', '.join(signs)} since treatment began."
    return Reading("escalate_urgent", text, ("K33", "C12", "S43", "P-assessment"))


@asks("assessment_remission", cites=("K06", "S35", "P-assessment"))
def remission(view: View, kb: KnowledgeBase) -> Reading | None:
    """Are AST, ALT and IgG within their limits, or no longer so after they once were?"""
    above = {name: view.labs[name].above_uln for name in REMISSION_TESTS}
    if not any(item.now.known for item in view.pairs.values()):
        return None
    cites = ("K06", "S35", "P-assessment")
    if set(above.values()) == {False}:
        return Reading("complete_response", "AST, ALT and IgG are within their upper limits.", cites)
    return _lost(view, above, kb, cites) if view.remitted else None


def _lost(view: View, above: dict[Analyte, Answer], kb: KnowledgeBase, cites: tuple[str, ...]) -> Reading | None:
    multiple, limit = view.labs["alt"].x_uln, kb.number("relapse_alt_x_uln")
    if multiple is not None and multiple > limit:
        return Reading("relapse", f"ALT is above {plain(limit)} x its upper limit after a complete response.", cites)
    high = [TITLES[name] for name, answer in above.items() if answer]
    if high:
        return Reading("loss_of_remission", f"{', '.join(high)} above its limit after a complete response.", cites)
    return None


@asks("assessment_too_early", cites=("S22", "P-assessment"))
def too_early(view: View, kb: KnowledgeBase) -> Reading | None:
    """Is it too early to read anything into the results, or is not even known what is taken?"""
    if not view.treated:
        return _unreadable("No option is followed: there is no treatment whose effect could be read.")
    first = kb.whole("response_first_day")
    if view.day >= first:
        return None
    return _unreadable(f"Day {view.day} of treatment: before day {first} no response is read.")


@asks("assessment_at_two_weeks", cites=("S22", "S23", "S24", "C12", "K07", "P-assessment"))
def two_weeks(view: View, kb: KnowledgeBase) -> Reading | None:
    """Did one abnormal test normalise in the first weeks, is any better, or has treatment to be stepped up?

    IgG alone never calls for escalation.
    """
    if view.day >= kb.whole("response_intermediate_day"):
        return None
    pairs = {name: item for name, item in view.pairs.items() if item.known}
    normal = [TITLES[name] for name, item in pairs.items() if item.normalised]
    if normal:
        text = f"{', '.join(normal)} became normal: effective in the short term, not proof of remission."
        return Reading("effective_short_term", text, ("S23", "C12", "K07", "P-assessment"))
    return _no_test_normal(pairs, kb)


def _no_test_normal(pairs: Mapping[Analyte, Pair], kb: KnowledgeBase) -> Reading | None:
    enzymes = {name: item for name, item in pairs.items() if name != "igg"}
    better = [TITLES[name] for name, item in pairs.items() if item.improved(kb)]
    worse = [TITLES[name] for name, item in enzymes.items() if item.worsened(kb)]
    if worse:
        return _step_up(f"{', '.join(worse)} worse")
    if better:
        return _repeat(f"{', '.join(better)} better, none worse, none normal yet", kb)
    return _none_moved(pairs, kb)


def _none_moved(pairs: Mapping[Analyte, Pair], kb: KnowledgeBase) -> Reading | None:
    """No test is known to be better or worse. A fall from a value without a limit may be either, so it is not read."""
    legible = any(name in pairs for name in TRANSAMINASES)
    enzymes = {abnormal(item.now) for name, item in pairs.items() if name != "igg"}
    if not legible or any(item.improved(kb) is None for item in pairs.values()):
        return None
    if True in enzymes:
        return _step_up("no test is better")
    return None if None in enzymes else _repeat("IgG alone is abnormal", kb)


def _step_up(told: str) -> Reading:
    return Reading("escalate", f"In the first weeks {told}: step treatment up.", ("S24", "C12", "P-assessment"))


def _repeat(told: str, kb: KnowledgeBase) -> Reading:
    day = kb.whole("response_repeat_day")
    return Reading("indeterminate", f"{told}: repeat on day {day}.", ("S22", "C12", "K07", "P-assessment"))


@asks("assessment_at_four_weeks", cites=("K06", "P-assessment"))
def four_weeks(view: View, kb: KnowledgeBase) -> Reading | None:
    """Did the transaminase that stood higher at baseline fall by half?"""
    leading, too_soon = _leading(view), view.day < kb.whole("response_intermediate_day")
    if too_soon or view.on >= _late_from(view, kb) or leading is None or leading.percent is None:
        return None
    needed = kb.number("response_fall_percent")
    text = f"{leading.told()} since treatment began; a fall by {plain(needed)} % or more is a response."
    return Reading("non_response" if -leading.percent < needed else "response", text, ("K06", "P-assessment"))


def _leading(view: View) -> Pair | None:
    """The transaminase that was higher, in multiples of its limit; None unless one was above it."""
    multiples = [(item.before.x_uln, item) for item in (view.pairs[name] for name in TRANSAMINASES)]
    raised = [(multiple, item) for multiple, item in multiples if multiple is not None and multiple > 1]
    return max(raised, key=lambda row: row[0])[1] if raised else None


@asks("assessment_at_six_months", cites=("K06", "S40", "P-assessment"))
def six_months(view: View, kb: KnowledgeBase) -> Reading | None:
    """Has half a year of treatment brought no complete response?

    A test that is missing leaves it open.
    """
    high = [TITLES[name] for name in REMISSION_TESTS if view.labs[name].above_uln]
    if view.on < _late_from(view, kb) or view.remitted or not high:
        return None
    months = kb.whole("escalation_months_without_response")
    text = f"{', '.join(high)} still above the limit after {months} months: mycophenolate is the next line."
    return Reading("insufficient_response", text, ("K06", "S40", "P-assessment"))


def _late_from(view: View, kb: KnowledgeBase) -> date:
    return add_months(view.start_on, kb.whole("escalation_months_without_response"))


def _unreadable(because: str) -> Reading:
    return Reading("not_interpretable", because, ("P-assessment",))


_IN_ORDER: tuple[Question, ...] = (urgent, remission, too_early, two_weeks, four_weeks, six_months)
