"""What the schema cannot say of a proposal."""

from collections.abc import Iterator
from itertools import pairwise

from app.clinical.critique import Proposal
from app.facts.faults import Fault


def find_proposal_faults(proposal: Proposal) -> tuple[Fault, ...]:
    """Return every fault of a proposal, each with its JSON Pointer into it; an empty tuple lets it in."""
    return tuple(_taper_faults(proposal))


def _taper_faults(proposal: Proposal) -> Iterator[Fault]:
    if proposal.taper is None:
        return
    steps, ends_on = proposal.taper.steps, proposal.taper.ends_on
    for index, (earlier, later) in enumerate(pairwise(steps), start=1):
        if later.starts_on <= earlier.starts_on:
            message = f"Steps come in the order of their days: send a day after {earlier.starts_on}"
            yield Fault(f"/taper/steps/{index}/starts_on", "STEPS_NOT_IN_ORDER", message)
    if ends_on is not None and ends_on <= steps[-1].starts_on:
        message = f"The taper cannot end before its last step has begun on {steps[-1].starts_on}"
        yield Fault("/taper/ends_on", "ENDS_BEFORE_LAST_STEP", message)
