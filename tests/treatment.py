"""A synthetic patient under treatment: what is begun with the first plan, and what each visit makes of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.clinical.episode import Episode
from app.clinical.plan import PlanContent
from app.clinical.progress import AssessmentContent, Course, Following, StepTaken, Visit
from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from app.planning.assess import assess
from app.planning.decide import decide
from app.planning.following import begin
from tests import builders
from tests.builders import DAY, body

START = date.fromisoformat(DAY)
NORMAL: dict[str, Any] = {"alt": 30, "ast": 28, "igg": 15}


def on_day(day: int | str) -> date:
    """Return a date: a number counts the days since treatment began, a text is the date itself."""
    return date.fromisoformat(day) if isinstance(day, str) else START + timedelta(days=day)


def visit(day: int | str, **changes: Any) -> Visit:
    """Return an assessment at which nothing was found and adherence was confirmed, but for `changes`."""
    said = {"findings": [], "adherence_confirmed": True, "override": None} | changes
    whole = {"on": on_day(day).isoformat(), "kind": "assessment", "response": None, "gate_decision": None} | said
    return Visit.model_validate_json(json.dumps(whole))


@dataclass(frozen=True)
class Treatment:
    """A patient whose facts are `changes` to the whole patient of the builders, as known and treated so far.

    The results of the start are the builders' but for `values`; so are those of every visit but for what it names.
    """

    kb: KnowledgeBase
    changes: dict[str, Any]
    values: dict[str, Any]
    course: Course
    assessment: AssessmentContent | None = None

    @property
    def episode(self) -> Episode:
        """The episode as it is known today; whatever would be started starts today at the earliest."""
        return Episode.model_validate_json(json.dumps(body(**self.changes)))

    @property
    def plan(self) -> PlanContent:
        """The plan that rests on the course so far."""
        return decide(self.episode, self.kb, self.course)

    def seen(
        self,
        day: int | str,
        labs: dict[str, Any] | None = None,
        taken: int | str | None = None,
        more_labs: Iterable[dict[str, Any]] = (),
        **said: Any,
    ) -> "Treatment":
        """Return the treatment after an assessment with a whole set of results, `labs` of it changed; None: no set.

        `taken` is the day of the set where it is not the day of the visit. `more_labs` are single results beside it.
        """
        drawn = on_day(day if taken is None else taken).isoformat()
        results = [] if labs is None else builders.labs(drawn, **self.values | labs)
        return self._assessed(visit(day, **said), [*results, *more_labs])

    def _assessed(self, seen: Visit, results: list[dict[str, Any]]) -> "Treatment":
        flare = {} if seen.findings is None else {"flare": {**self.changes["flare"], "findings": list(seen.findings)}}
        known = [*self.changes["labs"], *results]
        today = max(seen.on, *(visit.on for visit in self.course.visits)) if self.course.visits else seen.on
        changes = (
            self.changes
            | flare
            | {"labs": known, "as_of": today.isoformat(), "start_on": max(today, START).isoformat()}
        )
        done = assess(Episode.model_validate_json(json.dumps(body(**changes))), self.course, seen, self.kb)
        return Treatment(self.kb, changes, self.values, done.course, done.content)


def treatment(
    kb: KnowledgeBase,
    option: str | None = "recommended",
    *,
    accepted: bool = True,
    values: dict[str, Any] | None = None,
    **changes: Any,
) -> Treatment:
    """Return a patient who begins an option of the first plan on its first day; by default the recommended one."""
    whole = {"flare": {"onset_on": DAY, "findings": []}, "labs": builders.labs(**values or {})} | changes
    patient = Episode.model_validate_json(json.dumps(body(**whole)))
    plan = decide(patient, kb)
    best = next((item.id for item in plan.options if item.standing == "recommended"), None)
    chosen = next((item for item in plan.options if item.id == (best if option == "recommended" else option)), None)
    following = None
    if chosen is not None:
        following = begin(chosen, prepare_facts(patient, kb), kb, accepted=accepted, recommended=best)
    return Treatment(kb, whole, values or {}, Course(following=following))


COMBINATION = (
    {"prednisone": 30, "azathioprine": 150},
    {"prednisone": 20, "azathioprine": 100},
    {"prednisone": 10, "azathioprine": 50},
)


def following(*levels: Mapping[str, float], **changes: Any) -> Following:
    """Return what is followed from the builders' day on: levels of mg per day, each kept for 30 days at least."""
    path = [{"after_days": 30 if place else 0, "doses": level} for place, level in enumerate(levels)]
    whole = {
        "option_id": "prednisone_azathioprine",
        "accepted": True,
        "recommended_then": "prednisone_azathioprine",
        "start_on": DAY,
        "step_style": "monthly",
        "path": path,
        "findings": [],
    } | changes
    return Following.model_validate_json(json.dumps(whole))


def stepped(*days: int | str) -> tuple[StepTaken, ...]:
    """Return a step on each of the days."""
    return tuple(StepTaken(index=place, starts_on=on_day(day), by="gates") for place, day in enumerate(days, start=1))
