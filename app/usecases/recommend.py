"""The same decision with nothing kept."""

from app.clinical.episode import Episode
from app.usecases.answers import unkept_plan_body
from app.usecases.decision import make_decision
from app.usecases.service import Service


def recommend(service: Service, episode: Episode) -> bytes:
    """Return the plan for the episode as answered, or raise InvalidEpisode."""
    decision = make_decision(episode, service.knowledge, service.clock())
    return unkept_plan_body(decision.document.json, retrospective=decision.retrospective)
