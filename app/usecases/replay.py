"""A kept plan decided once more on what it was decided on. Nothing is written."""

from dataclasses import dataclass

from pydantic import ValidationError

from app import __version__
from app.clinical.episode import Episode
from app.clinical.progress import Course
from app.clinical.replay import KnowledgeChoice
from app.errors import ReplayRefused
from app.facts.faults import Fault, find_faults
from app.knowledge.base import KnowledgeBase
from app.knowledge.versions import KnowledgeVersions
from app.planning.decide import decide
from app.planning.document import Document, write_document
from app.planning.replay import Comparison, compare
from app.store.rows import KeptPlan

MOST_SHOWN = 200
"""Differences of one plan; a plan of another disposition has a few dozen."""

_UNREADABLE = Fault("", "INPUT_NOT_READABLE", f"Version {__version__} of the service no longer reads what was kept")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The knowledge a plan is replayed with, and why that one."""

    knowledge: KnowledgeBase
    choice: KnowledgeChoice
    because: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was decided now, and how it compares with what is kept."""

    chosen: Chosen
    output_digest: str
    comparison: Comparison


def replay(
    kept: KeptPlan, versions: KnowledgeVersions, wanted: KnowledgeBase | None = None, most: int = MOST_SHOWN
) -> Replayed:
    """Decide a kept plan once more, by default with the knowledge it was made with; show up to `most` differences.

    Raises ReplayRefused when the engine does not read, or the knowledge does not accept, what it was decided on.
    """
    chosen = choose(kept, versions, wanted)
    document = _decided(kept, chosen.knowledge)
    return Replayed(chosen, document.output_digest, compare(kept.document.encode(), document.json, most))


def choose(kept: KeptPlan, versions: KnowledgeVersions, wanted: KnowledgeBase | None) -> Chosen:
    """Return the knowledge asked for, else that of the very files the plan was made with, else the present one."""
    if wanted is not None:
        return Chosen(wanted, "requested", "This knowledge was asked for.")
    made_with = versions.of_digest(kept.knowledge_digest)
    if made_with is not None:
        return Chosen(made_with, "as_made", "The plan was made with this knowledge.")
    return Chosen(versions.present, "present", _why_not_as_made(kept, versions))


def _why_not_as_made(kept: KeptPlan, versions: KnowledgeVersions) -> str:
    version = kept.knowledge_version
    if versions.of_version(version) is None:
        return f"The plan was made with version {version}, which is not loaded: the present version is used instead."
    return f"The files of version {version} are not those the plan was made with: the present version is used instead."


def _decided(kept: KeptPlan, kb: KnowledgeBase) -> Document:
    try:
        episode = Episode.model_validate_json(kept.input)
        course = None if kept.course is None else Course.model_validate_json(kept.course)
    except ValidationError:
        # Its message would hold the facts themselves.
        raise ReplayRefused([_UNREADABLE]) from None
    faults = find_faults(episode, kb)
    if faults:
        raise ReplayRefused(faults)
    # Not counted among the plans decided: it is one that was counted long ago.
    return write_document(decide(episode, kb, course))
