"""The source's own steps, floors and curve."""

from datetime import date
from decimal import Decimal

import pytest

from app.clinical.vocabulary import OptionId
from app.knowledge.base import KnowledgeBase
from app.taper.levels import levels
from app.taper.steps import SCHEDULED_OPTIONS, source_descents, source_option
from app.taper.stock import Choices

D = Decimal


def doses(option: OptionId, start: dict[str, int], kb: KnowledgeBase) -> list[tuple[float, ...]]:
    """Return the dose of each drug, level by level."""
    way = source_descents(option, {drug: D(mg) for drug, mg in start.items()}, kb, Choices())
    return [
        tuple(float(item.mg) for item in level.amounts.values())
        for level in levels(way, date(2026, 3, 10), "monthly", kb)
    ]


@pytest.mark.parametrize(
    ("azathioprine", "expected"),
    [
        (150, [(30, 150), (20, 100), (10, 50)]),
        (125, [(30, 125), (20, 100), (10, 50)]),
        (100, [(30, 100), (20, 100), (10, 50)]),
        (75, [(30, 75), (20, 75), (10, 50)]),
        (50, [(30, 50), (20, 50), (10, 50)]),
        (25, [(30, 25), (20, 25), (10, 25)]),
    ],
)
def test_azathioprine_follows_the_source_curve_from_a_capped_start(
    azathioprine: int, expected: list[tuple[float, ...]], kb: KnowledgeBase
) -> None:
    assert doses("prednisone_azathioprine", {"prednisone": 30, "azathioprine": azathioprine}, kb) == expected


def test_azathioprine_above_its_ceiling_never_falls_by_more_than_its_step(kb: KnowledgeBase) -> None:
    found = doses("prednisone_azathioprine", {"prednisone": 30, "azathioprine": 200}, kb)
    assert found == [(30, 200), (20, 150), (10, 100), (10, 50)]


def test_monotherapy_ends_at_its_maintenance_dose(kb: KnowledgeBase) -> None:
    assert doses("prednisone_monotherapy", {"prednisone": 60}, kb) == [(60,), (50,), (40,), (30,), (20,)]


def test_prednisolone_comes_down_like_prednisone(kb: KnowledgeBase) -> None:
    assert doses("prednisone_monotherapy", {"prednisolone": 40}, kb) == [(40,), (30,), (20,)]


@pytest.mark.parametrize(("start", "expected"), [(20, [(20,)]), (15, [(15,)]), (21, [(21,), (20,)])])
def test_a_start_at_or_below_the_floor_stays(start: int, expected: list[tuple[float, ...]], kb: KnowledgeBase) -> None:
    assert doses("prednisone_monotherapy", {"prednisone": start}, kb) == expected


def test_azathioprine_waits_for_its_curve_while_the_steroid_is_already_at_its_floor(kb: KnowledgeBase) -> None:
    found = doses("prednisone_azathioprine", {"prednisone": 10, "azathioprine": 100}, kb)
    assert found == [(10, 100), (10, 50)]


@pytest.mark.parametrize(
    ("drugs", "option"),
    [
        (["prednisone"], "prednisone_monotherapy"),
        (["prednisolone"], "prednisone_monotherapy"),
        (["azathioprine", "prednisone"], "prednisone_azathioprine"),
        (["azathioprine"], None),
        (["prednisone", "prednisolone"], None),
        (["prednisone", "tacrolimus"], None),
    ],
)
def test_the_source_gives_a_schedule_for_exactly_its_own_drugs(drugs: list[str], option: OptionId | None) -> None:
    assert source_option({drug: D(30) for drug in drugs}) == option
    assert option is None or option in SCHEDULED_OPTIONS
