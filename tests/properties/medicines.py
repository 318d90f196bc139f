"""Generated lists of medicines: keys, brands, combinations and codes of the name table, and names it does not know."""

from typing import Any

from hypothesis import strategies as st

from app.clinical import vocabulary
from app.knowledge.load import load_knowledge
from tests.properties.words import ABSENT, around, day, words

KB = load_knowledge()
_EVERY_NAME = sorted(KB.names)
# Blocks, deferrals and the drugs of the options themselves: met often enough to matter.
_TELLING = (
    "allopurinol",
    "Zyloric",
    "febuxostat",
    "ribavirin",
    "clarithromycin",
    "ketoconazole",
    "diltiazem",
    "rifampicin",
    "spironolactone",
    "cyclosporine",
    "Neoral",
    "sirolimus",
    "tacrolimus",
    "azathioprine",
    "Imuran 50 mg",
    "mercaptopurine",
    "CellCept",
    "methotrexate",
    "prednisone",
    "prednisolone",
    "budesonide",
    "warfarin",
    "entecavir",
    "omeprazole / amoxicillin",
    "yellow fever vaccine",
)
_NOBODY_KNOWS = ("Wundermittel", "herbal mix no. 7")
_NAMES = st.sampled_from(_TELLING) | st.sampled_from(_TELLING) | st.sampled_from([*_EVERY_NAME, *_NOBODY_KNOWS])
_TRIED = st.sampled_from(["azathioprine", "prednisone", "mycophenolate", "mercaptopurine", "cyclosporine"]) | _NAMES


def medications() -> st.SearchStrategy[Any]:
    """Return a medication list: running, planned and stopped ones; or absence."""
    return _listed(
        drug=_NAMES,
        dose_mg_per_day=around(5, 30, 60),
        started_on=day("2025-01-01", "2026-03-10", "2026-03-11"),
        stopped_on=day(*[None] * 5, "2026-03-11", "2026-03-12", "2026-03-20"),
    ) | _listed(drug=_NAMES, stopped_on=day("2026-02-20", "2026-03-08", "2026-03-09", "2026-03-10"))


def prior_treatments() -> st.SearchStrategy[Any]:
    """Return the earlier treatments, or absence."""
    return _listed(
        drug=_TRIED, response=words(vocabulary.TreatmentResponse), tolerated=st.sampled_from([True, False, ABSENT])
    )


def allergies() -> st.SearchStrategy[Any]:
    """Return the recorded reactions, or absence."""
    return _listed(drug=_TRIED, reaction=words(vocabulary.Reaction))


def _listed(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    item = st.fixed_dictionaries(fields).map(_without_absent)
    return st.lists(item, max_size=3) | st.just(ABSENT)


def _without_absent(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value is not ABSENT}
