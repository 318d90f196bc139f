"""A schedule from doses alone, with nothing kept."""

from app.clinical.taper import Taper, TaperRequest
from app.errors import TaperRefused
from app.store.rows import Requester
from app.taper.schedule import schedule_taper as schedule
from app.usecases.access import calculation
from app.usecases.service import Service


async def schedule_taper(service: Service, who: Requester, request: TaperRequest) -> bytes:
    """Return the schedule as answered, or raise TaperRefused with everything that speaks against it."""
    async with calculation(service, who, "schedule", "taper"):
        outcome = schedule(request, service.knowledge)
        if not isinstance(outcome, Taper):
            raise TaperRefused(outcome.problems)
    return outcome.model_dump_json().encode()
