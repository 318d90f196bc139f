from dataclasses import replace
from typing import Any

from app.clinical.progress import Course
from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from tests.builders import episode
from tests.treatment import NORMAL, following, treatment

ALLOPURINOL = [{"drug": "allopurinol"}]
PREDNISONE_ALLERGY = [{"drug": "prednisone"}]


def headline(kb: KnowledgeBase, **changes: Any) -> str:
    return decide(episode(**changes), kb).headline


def test_where_everything_is_blocked_the_first_block_is_named(kb: KnowledgeBase) -> None:
    intolerant = [{"drug": "mycophenolate", "tolerated": False}]
    found = headline(kb, medications=ALLOPURINOL, allergies=PREDNISONE_ALLERGY, prior_treatments=intolerant)
    assert found.startswith("Nothing is recommended. Prednisone with azathioprine is blocked: A hypersensitivity")
    assert "allopurinol" in found
    assert "left to choose" not in found


def test_what_contains_a_steroid_that_is_not_tolerated_waits_for_a_specialist(kb: KnowledgeBase) -> None:
    found = headline(kb, medications=ALLOPURINOL, allergies=PREDNISONE_ALLERGY)
    assert found.startswith("Nothing is recommended yet. Mycophenolate with the steroid")
    assert "a specialist decides what takes its place" in found


def test_what_is_left_beside_the_blocked_options_is_named(kb: KnowledgeBase) -> None:
    failed = treatment(kb).seen(28, {"neutrophils": 1.2})
    second = following(option_id="add_mycophenolate", recommended_then=None, start_on="2026-04-07", visits_before=1)
    found = decide(failed.episode, kb, Course(following=second, visits=failed.course.visits)).headline
    assert "Mycophenolate with the steroid, in place of azathioprine is blocked: Neutrophils 1.2" in found
    assert "What is left to choose: prednisone with azathioprine, prednisone alone." in found


def test_in_remission_nothing_is_indicated_whatever_a_drug_would_be_blocked_by(kb: KnowledgeBase) -> None:
    found = headline(kb, condition={"context": "in_remission"}, medications=ALLOPURINOL)
    assert found.startswith("No treatment option is indicated")


def test_a_treatment_that_fails_is_named_before_what_is_open_to_choose(kb: KnowledgeBase) -> None:
    found = treatment(kb).seen(28, {}).plan.headline
    assert found == (
        "The transaminases did not fall by half: treatment has to be stepped up. Prednisone with azathioprine goes on "
        "until a clinician decides; open to choose: prednisone alone, mycophenolate with the steroid, in place of "
        "azathioprine."
    )


def test_what_waits_for_a_fact_is_named_apart(kb: KnowledgeBase) -> None:
    found = treatment(kb).seen(28, {}, adherence_confirmed=False).plan.headline
    assert "open to choose: nothing. Waiting for a fact: prednisone alone, mycophenolate" in found


def test_what_comes_next_is_named_where_it_is_recommended(kb: KnowledgeBase) -> None:
    worked = {"response": "complete", "stop_reason": "planned_withdrawal", "indication_still_valid": True}
    found = treatment(kb, tacrolimus=worked).seen(28, {}).plan.headline
    assert "stepped up. For review by a clinician: " in found
    assert "tacrolimus 3 mg 2 times a day" in found


def test_a_lost_remission_is_named_before_the_dose_that_is_held(kb: KnowledgeBase) -> None:
    lost = treatment(kb).seen("2026-04-10", NORMAL).seen("2026-05-10", {**NORMAL, "alt": 40})
    assert lost.plan.headline.startswith("Remission is lost: no step down.")
    assert lost.plan.headline.endswith("prednisone 20 mg/d, azathioprine 100 mg/d.")


def test_a_treatment_that_works_has_the_plain_headline(kb: KnowledgeBase) -> None:
    found = treatment(kb).seen(28, {"alt": 60}).plan.headline
    assert found.startswith("For review by a clinician: prednisone with azathioprine")


def test_a_hard_gate_that_opens_under_treatment_leads_the_headline(kb: KnowledgeBase) -> None:
    under_way = treatment(kb).seen(14, {"alt": 60})
    turned = replace(under_way, changes=under_way.changes | {"screening": {"hbsag": "positive"}})
    assert "hard gate" not in under_way.plan.headline
    assert turned.plan.headline.startswith("Treatment is under way and a hard gate is open, close it now: Hepatitis B")
    assert turned.plan.headline.endswith("prednisone 30 mg/d, azathioprine 150 mg/d.")


def test_where_treatment_is_blocked_the_steroid_keeps_its_dose_in_the_headline(kb: KnowledgeBase) -> None:
    feverish = treatment(kb).seen(14, {"alt": 60}, findings=["fever"]).plan
    assert feverish.taper is None
    assert feverish.headline == (
        "Prednisone with azathioprine is followed and must not go on as it is: Fever: exclude infection first. "
        "Steroids already being taken are never stopped abruptly because of it. Prednisone 30 mg/d is the accepted "
        "dose of the present step: it is never stopped suddenly, and reduced only step by step. Nothing is started "
        "while infection is not excluded."
    )
    few = treatment(kb).seen(14, {"alt": 60, "neutrophils": 0.8}).plan
    assert "Prednisone 30 mg/d is the accepted dose of the present step" in few.headline


def test_before_treatment_the_headline_names_the_steroid_that_runs_while_infection_is_suspected(
    kb: KnowledgeBase,
) -> None:
    taken = [{"drug": "prednisone", "dose_mg_per_day": 40}]
    found = headline(kb, medications=taken, screening={"infection_suspected": True})
    assert found == (
        "Nothing is started while infection is not excluded. An infection is suspected: exclude infection first. "
        "Steroids already being taken (prednisone 40 mg/d) are never stopped abruptly because of it."
    )
