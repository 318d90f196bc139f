from decimal import Decimal

import pytest

from app.clinical.vocabulary import Standing
from app.rules.plan.offer import Offer
from tests.rules.plan.prepared import COMBINATION, MONOTHERAPY, TACROLIMUS, option


@pytest.mark.parametrize("standing", ["recommended", "alternative", "conditional"])
def test_an_option_that_can_be_chosen_or_may_become_so_is_offered(standing: Standing) -> None:
    offer = Offer.of([option("tacrolimus_restart", standing, tacrolimus=None)])
    assert offer == Offer(frozenset({"tacrolimus_restart"}), frozenset({"tacrolimus"}), Decimal(0))


@pytest.mark.parametrize("standing", ["blocked", "not_indicated"])
def test_an_option_that_is_ruled_out_is_not_offered(standing: Standing) -> None:
    assert Offer.of([option("prednisone_monotherapy", standing, prednisone=60)]) == Offer.of([])


def test_the_highest_steroid_dose_on_offer_counts() -> None:
    assert Offer.of([COMBINATION, MONOTHERAPY, TACROLIMUS]).steroid_mg == Decimal(60)
