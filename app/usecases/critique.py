"""The check of a proposal, with nothing kept."""

from dataclasses import replace

from app.clinical.critique import CritiqueRequest
from app.errors import InvalidEpisode
from app.facts.dates import with_dates
from app.facts.faults import Fault, find_faults
from app.facts.proposal_faults import find_proposal_faults
from app.planning.critique import critique
from app.store.rows import Requester
from app.usecases.access import calculation
from app.usecases.service import Service


async def check_proposal(service: Service, who: Requester, request: CritiqueRequest) -> bytes:
    """Return the findings as answered, or raise InvalidEpisode with everything that is wrong with the facts."""
    async with calculation(service, who, "critique", "critique"):
        episode = with_dates(request.episode, service.clock())
        faults = (
            *(_below("/episode", fault) for fault in find_faults(episode, service.knowledge)),
            *(_below("/proposal", fault) for fault in find_proposal_faults(request.proposal)),
        )
        if faults:
            raise InvalidEpisode(faults)
        return critique(episode, request.proposal, service.knowledge).model_dump_json().encode()


def _below(place: str, fault: Fault) -> Fault:
    """Return the fault with its pointer as seen from the whole body."""
    return replace(fault, pointer=place + fault.pointer)
