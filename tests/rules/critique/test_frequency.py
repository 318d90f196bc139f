"""How often an order says that a drug is taken: every day, whatever it is but tacrolimus and methotrexate."""

from typing import get_args

import pytest

from app.clinical.vocabulary import Frequency
from app.knowledge.base import KnowledgeBase
from tests.rules.critique.proposed import found, order

EVERY_DAY = ["daily", "twice_daily", "three_times_daily", "four_times_daily"]
DRUGS = ["prednisone", "prednisolone", "budesonide", "azathioprine", "mycophenolate", "cyclosporine", "sirolimus"]


@pytest.mark.parametrize("drug", DRUGS)
@pytest.mark.parametrize("frequency", get_args(Frequency))
def test_whatever_is_not_every_day_is_unusual(drug: str, frequency: str, kb: KnowledgeBase) -> None:
    said = found(kb, order(drug, frequency=frequency))
    assert ("UNUSUAL_FREQUENCY" in said) == (frequency not in EVERY_DAY)
