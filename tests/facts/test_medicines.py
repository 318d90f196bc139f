from datetime import date
from typing import Any

import pytest

from app.facts.medicine_facts import MedicineFacts
from app.facts.medicines import medicine_facts
from app.knowledge.base import KnowledgeBase
from tests.builders import episode

START = date(2026, 3, 10)


def medicines(kb: KnowledgeBase, **changes: Any) -> MedicineFacts:
    return medicine_facts(episode(**changes), START, kb)


def test_lists_that_were_not_sent_are_unknown(kb: KnowledgeBase) -> None:
    facts = medicines(kb, medications=None, allergies=None, prior_treatments=None)
    assert facts.running is None
    assert facts.takes("warfarin") is None
    assert (facts.hypersensitive, facts.intolerant) == (None, None)
    assert (facts.not_tolerated, facts.insufficient, facts.response_unknown, facts.exposed) == (None,) * 4
    assert facts.unscreened == ()
    assert facts.within_washout == frozenset()


def test_empty_lists_say_none(kb: KnowledgeBase) -> None:
    facts = medicines(kb, medications=[], allergies=[], prior_treatments=[])
    assert facts.running == ()
    assert facts.takes("warfarin") is False
    assert facts.hypersensitive == facts.not_tolerated == facts.exposed == frozenset()


@pytest.mark.parametrize(
    ("stopped_on", "runs"), [(None, True), ("2026-03-11", True), ("2026-03-10", True), ("2026-03-09", False)]
)
def test_a_medication_runs_up_to_the_day_of_its_stop(kb: KnowledgeBase, stopped_on: str | None, runs: bool) -> None:
    facts = medicines(kb, medications=[{"drug": "warfarin", "stopped_on": stopped_on}])
    assert facts.takes("warfarin") is runs


def test_a_running_medication_keeps_its_name_dose_and_place(kb: KnowledgeBase) -> None:
    rows = [{"drug": "aspirin", "stopped_on": "2026-01-01"}, {"drug": "Imuran 50 mg", "dose_mg_per_day": 100}]
    (item,) = medicines(kb, medications=rows).running or ()
    assert (item.name, item.substances, item.index) == ("Imuran 50 mg", ("azathioprine",), 1)
    assert item.dose_mg_per_day == 100
    assert "thiopurine" in item.classes


def test_a_class_is_found_through_its_member(kb: KnowledgeBase) -> None:
    facts = medicines(kb, medications=[{"drug": "Coumadin"}])
    assert facts.takes("anticoagulant_vka") is True
    assert facts.running_names("anticoagulant_vka") == ("Coumadin",)


def test_doses_of_one_substance_add_up(kb: KnowledgeBase) -> None:
    rows = [
        {"drug": "prednisone", "dose_mg_per_day": 20},
        {"drug": "Deltasone", "dose_mg_per_day": 5},
        {"drug": "prednisone"},
    ]
    facts = medicines(kb, medications=rows)
    assert facts.dose("prednisone") == 25
    assert facts.dose("azathioprine") is None


def test_names_nobody_knows_are_reported_once_from_every_list(kb: KnowledgeBase) -> None:
    facts = medicines(
        kb,
        medications=[{"drug": "Zorbatrix"}, {"drug": "Zorbatrix"}, {"drug": "Quuxine", "stopped_on": "2026-01-01"}],
        allergies=[{"drug": "Blorb"}],
        prior_treatments=[{"drug": "Frobozz"}],
    )
    assert facts.unscreened == ("Zorbatrix", "Quuxine", "Blorb", "Frobozz")
    assert facts.unscreened_allergies == ("Blorb",)
    assert [item.substances for item in facts.running or ()] == [(), ()]


@pytest.mark.parametrize(
    ("drug", "stopped_on", "within"),
    [
        ("cyclosporine", "2026-03-07", set()),
        ("cyclosporine", "2026-03-08", set()),
        ("cyclosporine", "2026-03-09", {"cyclosporine"}),
        ("sirolimus", "2026-03-09", {"sirolimus"}),
        ("everolimus", "2026-03-09", {"everolimus"}),
        ("cyclosporine", "2026-03-10", set()),
        ("cyclosporine", None, set()),
        ("warfarin", "2026-03-09", set()),
    ],
)
def test_washout_takes_two_days_from_the_stop(
    kb: KnowledgeBase, drug: str, stopped_on: str | None, within: set[str]
) -> None:
    assert medicines(kb, medications=[{"drug": drug, "stopped_on": stopped_on}]).within_washout == within


@pytest.mark.parametrize(
    ("stopped_on", "within"), [("2026-03-08", set()), ("2026-03-09", {"tacrolimus"}), (None, set())]
)
def test_the_stopped_tacrolimus_course_has_a_washout_too(
    kb: KnowledgeBase, stopped_on: str | None, within: set[str]
) -> None:
    assert medicines(kb, tacrolimus={"stopped_on": stopped_on}).within_washout == within


def test_without_a_tacrolimus_course_nothing_washes_out(kb: KnowledgeBase) -> None:
    assert medicines(kb, tacrolimus=None).within_washout == frozenset()


@pytest.mark.parametrize(
    ("reaction", "hypersensitive", "intolerant"),
    [(None, True, False), ("hypersensitivity", True, False), ("intolerance", False, True)],
)
def test_an_allergy_without_a_reaction_counts_as_hypersensitivity(
    kb: KnowledgeBase, reaction: str | None, hypersensitive: bool, intolerant: bool
) -> None:
    facts = medicines(kb, allergies=[{"drug": "Imuran", "reaction": reaction}])
    assert ("azathioprine" in (facts.hypersensitive or ())) is hypersensitive
    assert ("azathioprine" in (facts.intolerant or ())) is intolerant


def test_prior_treatments_tell_tolerance_and_response(kb: KnowledgeBase) -> None:
    prior = [
        {"drug": "azathioprine", "tolerated": False, "response": "sufficient"},
        {"drug": "mycophenolate", "tolerated": True, "response": "insufficient"},
        {"drug": "prednisone", "response": "unknown"},
        {"drug": "budesonide"},
    ]
    facts = medicines(kb, prior_treatments=prior)
    assert "azathioprine" in (facts.not_tolerated or ())
    assert "mycophenolate" not in (facts.not_tolerated or ())
    assert "mycophenolate" in (facts.insufficient or ())
    assert {"prednisone", "budesonide"} <= (facts.response_unknown or frozenset())


def test_a_prior_treatment_without_a_word_on_tolerance_is_unknown(kb: KnowledgeBase) -> None:
    prior = [{"drug": "azathioprine"}, {"drug": "prednisone", "tolerated": True}]
    unknown = medicines(kb, prior_treatments=prior).tolerance_unknown
    assert "azathioprine" in unknown
    assert "prednisone" not in unknown


def test_exposure_joins_prior_treatments_and_medications_long_stopped(kb: KnowledgeBase) -> None:
    stopped = [{"drug": "mercaptopurine", "stopped_on": "2019-01-01"}]
    assert "mercaptopurine" in (medicines(kb, medications=stopped, prior_treatments=None).exposed or ())
    prior = [{"drug": "azathioprine"}]
    assert "thiopurine" in (medicines(kb, medications=None, prior_treatments=prior).exposed or ())


@pytest.mark.parametrize(
    ("started_on", "exposed"), [(None, True), ("2026-03-09", True), ("2026-03-10", False), ("2026-03-11", False)]
)
def test_a_planned_medication_is_no_exposure_but_an_interaction_partner(
    kb: KnowledgeBase, started_on: str | None, exposed: bool
) -> None:
    facts = medicines(kb, medications=[{"drug": "Imuran", "started_on": started_on}], prior_treatments=[])
    assert ("thiopurine" in (facts.exposed or ())) is exposed
    assert facts.takes("thiopurine") is True


@pytest.mark.parametrize(
    ("answer", "open_field"),
    [
        ({"tolerated": False, "response": "sufficient"}, "not_tolerated"),
        ({"tolerated": True, "response": "insufficient"}, "insufficient"),
        ({"tolerated": True}, "response_unknown"),
    ],
)
def test_a_name_nobody_knows_may_be_any_drug(kb: KnowledgeBase, answer: dict[str, Any], open_field: str) -> None:
    facts = medicines(kb, prior_treatments=[{"drug": "Frobozz", **answer}, {"drug": "azathioprine", **answer}])
    fields = {name: getattr(facts, name) for name in ("not_tolerated", "insufficient", "response_unknown")}
    assert {name for name, value in fields.items() if value is None} == {open_field}


def test_what_is_certain_stays_known_beside_a_name_nobody_knows(kb: KnowledgeBase) -> None:
    answer = {"tolerated": False, "response": "insufficient"}
    facts = medicines(kb, prior_treatments=[{"drug": "Frobozz", **answer}, {"drug": "azathioprine", **answer}])
    assert "azathioprine" in facts.known_not_tolerated & facts.known_insufficient


def test_without_prior_treatments_nothing_is_certain(kb: KnowledgeBase) -> None:
    facts = medicines(kb, prior_treatments=None)
    assert facts.known_not_tolerated == facts.known_insufficient == frozenset()


@pytest.mark.parametrize(
    ("stopped_on", "recent"),
    [(None, False), ("2026-03-10", False), ("2026-03-09", True), ("2026-02-10", True), ("2026-02-09", False)],
)
def test_what_was_stopped_in_the_last_four_weeks_is_recent(
    kb: KnowledgeBase, stopped_on: str | None, recent: bool
) -> None:
    facts = medicines(kb, medications=[{"drug": "rifampicin", "stopped_on": stopped_on}])
    assert bool(facts.recently("rifampin")) is recent
    assert bool(facts.recently("cyp3a_strong_inducer")) is recent
    assert facts.recently("warfarin") == ()


def test_a_recent_medication_says_when_it_was_stopped(kb: KnowledgeBase) -> None:
    (item,) = medicines(kb, medications=[{"drug": "Coumadin", "stopped_on": "2026-03-01"}]).recent
    assert (item.name, item.stopped_on) == ("Coumadin", date(2026, 3, 1))


def test_an_absent_medication_list_has_no_recent_medication(kb: KnowledgeBase) -> None:
    assert medicines(kb, medications=None).recently("warfarin") == ()


def test_an_allergy_to_a_steroid_applied_locally_still_counts(kb: KnowledgeBase) -> None:
    facts = medicines(kb, medications=[{"drug": "hydrocortisone cream"}], allergies=[{"drug": "hydrocortisone cream"}])
    assert facts.takes("systemic_glucocorticoid") is False
    assert "systemic_glucocorticoid" in (facts.hypersensitive or ())
    assert facts.unscreened == ("hydrocortisone cream",)
