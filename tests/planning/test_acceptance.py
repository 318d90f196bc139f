"""What a decision does to the course, and when an acceptance still holds."""

from datetime import date
from typing import Any

import pytest

from app.clinical.plan import PlanContent
from app.clinical.progress import Course, StepTaken
from app.clinical.vocabulary import OptionId
from app.facts.facts import Facts
from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from app.planning.acceptance import (
    accepted,
    assumed,
    declined,
    inherited_status,
    option_named,
    recommended,
)
from app.planning.decide import decide
from app.rules.plan.tasks import open_gates
from tests.builders import episode
from tests.treatment import visit

COMBINATION: OptionId = "prednisone_azathioprine"
ALONE: OptionId = "prednisone_monotherapy"


def planned(kb: KnowledgeBase, **changes: Any) -> tuple[PlanContent, Facts]:
    return decide(episode(**changes), kb), prepare_facts(episode(**changes), kb)


def chosen(kb: KnowledgeBase, option_id: OptionId = COMBINATION) -> Course:
    content, facts = planned(kb)
    option = option_named(content, option_id)
    assert option is not None
    return accepted(option, content, facts, Course(), kb)


def test_only_what_may_be_chosen_is_named(kb: KnowledgeBase) -> None:
    content, _ = planned(kb, pharmacogenetics={"tpmt": "poor"})
    assert option_named(content, COMBINATION) is None
    assert option_named(content, "third_line") is None
    assert option_named(content, None) is None
    alone = option_named(content, ALONE)
    assert alone == recommended(content) is not None


def test_the_recommended_option_is_assumed_only_while_nothing_is_followed(kb: KnowledgeBase) -> None:
    content, facts = planned(kb)
    guessed = assumed(content, facts, Course(), kb).following
    assert guessed is not None
    assert (guessed.option_id, guessed.accepted, guessed.start_on) == (COMBINATION, False, facts.start_on)
    alone = chosen(kb, ALONE)
    assert assumed(content, facts, alone, kb) == alone


def test_nothing_is_assumed_where_nothing_is_recommended(kb: KnowledgeBase) -> None:
    content, facts = planned(kb, condition={"graft": "kidney"})
    assert assumed(content, facts, Course(), kb) == Course()


def test_accepting_what_is_followed_keeps_its_start_and_its_path(kb: KnowledgeBase) -> None:
    content, facts = planned(kb)
    guessed = assumed(content, facts, Course(), kb)
    option = option_named(content, COMBINATION)
    assert option is not None
    taken = accepted(option, content, facts, guessed, kb)
    assert taken.following is not None
    assert guessed.following is not None
    assert taken.following == guessed.following.model_copy(update={"accepted": True})


def test_declining_before_any_visit_leaves_nothing_followed(kb: KnowledgeBase) -> None:
    assert declined(chosen(kb)).following is None
    assert declined(Course()) == Course()


def test_declining_after_a_visit_leaves_the_option_assumed(kb: KnowledgeBase) -> None:
    seen = chosen(kb).model_copy(update={"visits": (visit(14),)})
    assert seen.following is not None
    assumed_now = seen.following.model_copy(update={"accepted": False})
    assert declined(seen) == seen.model_copy(update={"following": assumed_now})


@pytest.mark.parametrize(
    ("changes", "gates"),
    [({}, 0), ({"screening": {"hbsag": "positive"}}, 1)],
)
def test_a_hard_gate_of_every_option_stands_before_each(kb: KnowledgeBase, changes: Any, gates: int) -> None:
    content, _ = planned(kb, **changes)
    assert [len(list(open_gates(content.tasks, one))) for one in (COMBINATION, ALONE)] == [gates, gates]


@pytest.mark.parametrize(
    ("option_id", "changes", "status"),
    [
        (COMBINATION, {}, "accepted"),
        (COMBINATION, {"comorbidities": ["hypertension"]}, "accepted"),
        (COMBINATION, {"labs": []}, "accepted"),
        (COMBINATION, {"pharmacogenetics": {"tpmt": "poor"}}, "draft"),
        (COMBINATION, {"condition": {"graft": "kidney"}}, "draft"),
        (COMBINATION, {"flare": {"findings": ["encephalopathy"]}}, "draft"),
        (ALONE, {}, "accepted"),
        (ALONE, {"pharmacogenetics": {"tpmt": "poor"}}, "accepted"),
    ],
)
def test_an_acceptance_is_inherited_while_its_option_holds(
    kb: KnowledgeBase, option_id: OptionId, changes: Any, status: str
) -> None:
    course = chosen(kb, option_id)
    assert inherited_status("accepted", decide(episode(**changes), kb, course), course.following) == status


def test_a_draft_is_not_accepted_by_time(kb: KnowledgeBase) -> None:
    course = chosen(kb)
    content = decide(episode(), kb, course)
    assert inherited_status("draft", content, course.following) == "draft"
    assert inherited_status("withdrawn", content, course.following) == "draft"
    assert inherited_status("accepted", content, None) == "draft"


def switched(kb: KnowledgeBase, option_id: OptionId, course: Course) -> PlanContent:
    """Return the plan after a second line was accepted under a treatment that does not do."""
    content, facts = planned(kb, condition={"context": "failure_on_therapy"}, tacrolimus=TOLERATED)
    option = option_named(content, option_id)
    assert option is not None
    after = accepted(option, content, facts, course, kb)
    return decide(episode(condition={"context": "failure_on_therapy"}, tacrolimus=TOLERATED), kb, after)


TOLERATED = {"response": "complete", "indication_still_valid": True, "stop_reason": "intolerance"}


@pytest.mark.parametrize("option_id", ["add_mycophenolate", "switch_cyclosporine", "tacrolimus_restart"])
@pytest.mark.parametrize(
    ("first", "doses"),
    [(COMBINATION, [30, 20, 10]), (ALONE, [60, 50, 40, 30, 20])],
)
def test_the_steroid_that_is_taken_goes_on_beside_a_second_line(
    kb: KnowledgeBase, option_id: OptionId, first: OptionId, doses: list[int]
) -> None:
    taper = switched(kb, option_id, chosen(kb, first)).taper
    assert taper is not None
    assert [step.doses for step in taper.steps] == [{"prednisone": mg} for mg in doses]
    assert (taper.option_id, taper.steps[0].status) == (option_id, "current")
    assert taper.floor == {"prednisone": doses[-1]}


def test_steps_that_were_taken_are_not_taken_again_beside_a_second_line(kb: KnowledgeBase) -> None:
    stepped = chosen(kb).model_copy(update={"steps": (StepTaken(index=1, starts_on=date(2026, 4, 10), by="gates"),)})
    taper = switched(kb, "add_mycophenolate", stepped).taper
    assert taper is not None
    assert [step.doses for step in taper.steps] == [{"prednisone": 20}, {"prednisone": 10}]


def test_a_second_line_without_a_steroid_before_it_has_no_schedule(kb: KnowledgeBase) -> None:
    assert switched(kb, "add_mycophenolate", Course()).taper is None


def stepped_down(kb: KnowledgeBase, first: OptionId, levels: int) -> Course:
    days = [date(2026, 4 + place, 10) for place in range(levels)]
    steps = tuple(StepTaken(index=place, starts_on=day, by="gates") for place, day in enumerate(days, start=1))
    return chosen(kb, first).model_copy(update={"steps": steps})


@pytest.mark.parametrize(("levels", "left"), [(0, [30, 20]), (1, [20]), (2, [10])])
def test_a_steroid_left_alone_goes_no_lower_than_the_maintenance_dose_of_the_steroid_alone(
    kb: KnowledgeBase, levels: int, left: list[int]
) -> None:
    content, facts = planned(kb)
    option = option_named(content, ALONE)
    assert option is not None
    doses = tuple(item.model_copy(update={"dose_mg_per_day": None}) for item in option.medications)
    withheld = option.model_copy(update={"taper": None, "medications": doses})
    following = accepted(withheld, content, facts, stepped_down(kb, COMBINATION, levels), kb).following
    assert following is not None
    assert [level.doses for level in following.path] == [{"prednisone": mg} for mg in left]
