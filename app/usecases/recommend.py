"""The same decision with nothing kept."""

from app.clinical.episode import Episode
from app.store.rows import Requester
from app.usecases.access import calculation
from app.usecases.answers import unkept_plan_body
from app.usecases.evaluation import evaluate
from app.usecases.service import Service


async def recommend(service: Service, who: Requester, episode: Episode) -> bytes:
    """Return the plan for the episode as answered, or raise InvalidEpisode."""
    async with calculation(service, who, "recommend", "plan"):
        evaluation = evaluate(episode, service.knowledge, service.clock())
    return unkept_plan_body(evaluation.document.json, retrospective=evaluation.retrospective)
