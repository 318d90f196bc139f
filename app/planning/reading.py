"""What the results known on a day say of a treatment, read against its baseline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.clinical.episode import Episode, Flare
from app.clinical.progress import Course, Override, Visit
from app.clinical.vocabulary import Analyte, GateCode
from app.facts.course import assessments, level_began_on, level_days, recorded_remission
from app.facts.dates import resolved_dates, zone_of
from app.facts.facts import LabFact
from app.facts.freshness import collection_day
from app.facts.labs import read_labs
from app.knowledge.base import KnowledgeBase
from app.planning.gate import ask_gates
from app.rules.course.compare import TESTS, Pair, improving, pair
from app.rules.course.response import Reading, View, read_response
from app.rules.plan.three_valued import Answer
from app.taper.gates import GateOutcome

_REMISSION: GateCode = "biochemical_remission"
_DECOMPENSATION = frozenset({"encephalopathy", "ascites"})
_LIVER_FUNCTION: tuple[Analyte, ...] = ("bilirubin_total", "inr")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads visits of one treatment. The episode holds every result known, also those of later days."""

    episode: Episode
    kb: KnowledgeBase

    def read(self, view: View) -> Reading:
        """Return the response; it is read in autoimmune hepatitis only."""
        if self.episode.condition.code != "autoimmune_hepatitis":
            return Reading("not_interpretable", "Response is read in autoimmune hepatitis only.", ("P-conditions",))
        return read_response(view, self.kb)

    def view(self, visit: Visit, course: Course) -> View:
        """Return what is known on the day of a visit."""
        following = course.following
        start = visit.on if following is None else following.start_on
        # Where nothing is known to be taken there is no baseline either.
        before, now = self._labs(start if following else date.min), self._labs(visit.on)
        return View(
            on=visit.on,
            start_on=start,
            treated=following is not None,
            labs=now,
            pairs=_pairs(before, now),
            decompensated=self._decompensated(visit, course),
            remitted=self._remitted(visit, course),
        )

    def again(self, course: Course) -> Course:
        """Return the course with the response of every visit of this treatment as it reads on all results known now."""
        for visit in assessments(course):
            response = self.read(self.view(visit, course)).response
            read = visit.model_copy(update={"response": response, "worse": self.worse(visit.on, course)})
            course = replaced(course, visit, read)
        return course

    def worse(self, day: date, course: Course) -> tuple[Analyte, ...]:
        """Return the tests of liver function that moved away from normal since the visit, or the step, before a day.

        Remission is read from AST, ALT and IgG: bilirubin or INR that climbs again under it would let a step through.
        """
        visits, levels = (visit.on for visit in course.visits), level_days(course)
        latest = {max((one for one in days if one < day), default=day) for days in (visits, levels)} - {day}
        now, before = self._labs(day), [self._labs(one) for one in latest]
        return tuple(
            name for name in _LIVER_FUNCTION if any(pair(labs[name], now[name]).worsened(self.kb) for labs in before)
        )

    def gates(self, view: View, course: Course, *, overridden: bool) -> GateOutcome | None:
        """Return what the gates of the next level allow at the visit of `view`; None where there is no schedule."""
        began = level_began_on(course) or view.start_on
        better = improving(view.pairs, _pairs(self._labs(began), view.labs), self.kb)
        return ask_gates(course, view.on, view.labs, self.kb, improving=better, overridden=overridden)

    def on_day_of(self, visit: Visit) -> Episode:
        """Return the episode as a plan of the day of a visit takes it, with what was found there."""
        _, start_on = resolved_dates(self.episode)
        flare = (self.episode.flare or Flare()).model_copy(update={"findings": visit.findings})
        days = {"as_of": visit.on, "start_on": max(start_on, visit.on)}
        return self.episode.model_copy(update={"flare": flare, **days})

    def _labs(self, day: date) -> Mapping[Analyte, LabFact]:
        """Return the latest result of each analyte as known on a day, from the results collected up to it."""
        zone = zone_of(self.episode.site)
        results = [item for item in self.episode.labs or () if collection_day(item.collected_at, zone) <= day]
        return read_labs(results, day, zone, self.kb).facts

    def _decompensated(self, visit: Visit, course: Course) -> Answer:
        """Whether encephalopathy or ascites is there that was not when treatment began."""
        if visit.findings is None:
            return None
        return bool(_DECOMPENSATION & set(visit.findings) - self._at_start(course))

    def _at_start(self, course: Course) -> set[str]:
        condition, following = self.episode.condition, course.following
        recorded = {"ascites"} if condition.ascites in ("mild", "moderate_severe") else set()
        if condition.encephalopathy_grade:
            recorded.add("encephalopathy")
        return recorded | set((following.findings if following else None) or ())

    def _remitted(self, visit: Visit, course: Course) -> bool:
        """Whether a complete response came before: assessed here, or recorded with the day it began."""
        assessed = any(item.response == "complete_response" and item.on < visit.on for item in course.visits)
        recorded = recorded_remission(self.episode) if self.episode.condition.complete_response_ever else None
        return assessed or (recorded is not None and recorded < visit.on)


def passes_remission(override: Override | None) -> bool:
    """Whether a clinician gave a reason to step before full remission."""
    return override is not None and override.gate in (None, _REMISSION)


def _pairs(before: Mapping[Analyte, LabFact], now: Mapping[Analyte, LabFact]) -> dict[Analyte, Pair]:
    return {name: pair(before[name], now[name]) for name in TESTS}


def replaced(course: Course, old: Visit, new: Visit) -> Course:
    """Return the course with one visit in the place of another."""
    visits = tuple(new if item is old else item for item in course.visits)
    return course.model_copy(update={"visits": visits})
