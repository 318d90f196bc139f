"""What is kept, as it is answered: the contract models with the state the service adds."""

from pydantic import Field

from app.clinical.episode import Episode
from app.clinical.plan import Plan
from app.clinical.progress import Assessment, Decision
from app.clinical.vocabulary import EpisodeStatus
from app.clinical.wire import Instant, Wire

_NEXT = "Send it as `cursor` for the next page; null on the last one."


class EpisodeHeader(Wire):
    """What the service knows of an episode as a document; joined at read."""

    id: str
    created_at: Instant
    updated_at: Instant
    revision: int
    status: EpisodeStatus


class EpisodeResource(EpisodeHeader, Episode):
    """A kept episode: its state, then the properties as sent."""


class EpisodeCreated(Wire):
    """The answer to a new episode: what was kept, and the first plan for it."""

    episode: EpisodeResource
    plan: Plan


class EpisodeUpdated(Wire):
    """The answer to changed facts: what is kept now, and the plan revision they made."""

    episode: EpisodeResource
    plan: Plan


class AssessmentCreated(Wire):
    """The answer to an assessment: what was found, and the plan revision it wrote."""

    assessment: Assessment
    plan: Plan


class AssessmentPage(Wire):
    """The assessments of an episode, in the order in which they came."""

    items: tuple[Assessment, ...]
    next: str | None = Field(description=_NEXT)


class DecisionMade(Wire):
    """The answer to a decision: what is kept of it, and the plan as it stands now."""

    decision: Decision
    plan: Plan


class DecisionPage(Wire):
    """The decisions about an episode's plans, in the order in which they came."""

    items: tuple[Decision, ...]
    next: str | None = Field(description=_NEXT)


class EpisodePage(Wire):
    """Episodes, newest first."""

    items: tuple[EpisodeResource, ...]
    next: str | None = Field(description=_NEXT)


class PlanPage(Wire):
    """The plans of an episode, oldest revision first."""

    items: tuple[Plan, ...]
    next: str | None = Field(description=_NEXT)
