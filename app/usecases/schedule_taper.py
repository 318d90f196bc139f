"""A schedule from doses alone, with nothing kept."""

from app.clinical.taper import Taper, TaperRequest
from app.errors import TaperRefused
from app.taper.schedule import schedule_taper as schedule
from app.usecases.service import Service


def schedule_taper(service: Service, request: TaperRequest) -> bytes:
    """Return the schedule as answered, or raise TaperRefused with everything that speaks against it."""
    outcome = schedule(request, service.knowledge)
    if not isinstance(outcome, Taper):
        raise TaperRefused(outcome.problems)
    return outcome.model_dump_json().encode()
