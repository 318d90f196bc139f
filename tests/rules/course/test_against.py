"""What speaks against drugs that are taken or chosen, said for the whole plan."""

from typing import Any

from app.clinical.option import Option
from app.clinical.remark import Remark
from app.clinical.vocabulary import OptionId
from app.rules.course.against import warnings
from tests.rules.plan.prepared import COMBINATION, MYCOPHENOLATE, TACROLIMUS, option

FOLLOWED: OptionId = "prednisone_azathioprine"


def remark(code: str, text: str, rule: str = "interactions_of_suggested_drug") -> Remark:
    return Remark(code=code, text=text, rule=rule, citations=("P-interactions",))


def told(*options: Option, followed: OptionId | None = FOLLOWED) -> list[tuple[str, str]]:
    return [(notice.code, notice.severity) for notice in warnings(options, followed)]


def having(known: Option, **changes: Any) -> Option:
    return known.model_copy(update=changes)


ALLOPURINOL = remark("XANTHINE_OXIDASE_INHIBITOR", "Allopurinol makes azathioprine toxic.")
CLARITHROMYCIN = remark("CYP3A_INHIBITOR", "Clarithromycin raises tacrolimus.")
FLUCONAZOLE = remark("CYP3A_INHIBITOR", "Fluconazole raises tacrolimus.")
AGE = remark("OSTEOPOROSIS", "Bones are thin.", rule="steroid_cautions")


def test_a_treatment_that_must_not_go_on_is_critical_and_said_once() -> None:
    (notice,) = warnings([having(COMBINATION, standing="blocked", blocks=(ALLOPURINOL,))], FOLLOWED)
    assert (notice.code, notice.severity) == ("XANTHINE_OXIDASE_INHIBITOR", "critical")
    assert "must not go on" in notice.text


def test_an_open_condition_is_told_only_where_it_withholds_a_dose_that_is_taken() -> None:
    waits = remark("TPMT_MISSING", "The genotype is not known.", rule="azathioprine_gene_unknown")
    running = having(COMBINATION, conditions=(waits,))
    withheld = [item.model_copy(update={"deferred_until": "it is known"}) for item in COMBINATION.medications[1:]]
    held = having(running, medications=(COMBINATION.medications[0], *withheld))
    assert told(running) == []
    assert told(held) == [("TPMT_MISSING", "warning")]
    assert told(held, followed=None) == []


def test_every_interaction_of_what_is_followed_is_told_and_no_other_caution() -> None:
    beside = having(TACROLIMUS, standing="alternative", cautions=(CLARITHROMYCIN, FLUCONAZOLE, AGE))
    texts = [notice.text for notice in warnings([beside], "tacrolimus_restart")]
    assert texts == [CLARITHROMYCIN.text, FLUCONAZOLE.text]


def test_of_the_others_a_forbidding_interaction_is_told_and_a_lesser_one_only_where_it_is_recommended() -> None:
    forbidden = having(MYCOPHENOLATE, standing="blocked", blocks=(ALLOPURINOL, AGE), cautions=(FLUCONAZOLE,))
    recommended = having(TACROLIMUS, cautions=(CLARITHROMYCIN, AGE))
    assert told(forbidden) == [("XANTHINE_OXIDASE_INHIBITOR", "warning")]
    assert told(recommended) == [("CYP3A_INHIBITOR", "warning")]
    assert told(having(recommended, standing="alternative")) == []


def test_what_two_options_have_in_common_is_told_once() -> None:
    steroid = option("prednisone_monotherapy", "alternative", prednisone=60)
    both = [having(item, standing="blocked", blocks=(CLARITHROMYCIN,)) for item in (steroid, TACROLIMUS)]
    assert told(*both) == [("CYP3A_INHIBITOR", "warning")]
