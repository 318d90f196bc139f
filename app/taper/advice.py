"""What is said about a whole schedule."""

from collections.abc import Iterator

from app.clinical.remark import Remark
from app.taper.steps import STEROIDS, Descent
from app.taper.wording import remark

# Every schedule with a steroid outlasts four weeks, because its last level stays until a clinician decides.
_STEROID_SAFETY = (
    remark(
        "STEROID_NEVER_STOP_SUDDENLY",
        "Never stop the steroid suddenly: after weeks of treatment the body cannot replace it at once.",
        "ESE24",
    ),
    remark(
        "STEROID_SICK_DAY_RULE",
        "Agree a sick-day rule: fever, vomiting, injury and surgery need extra steroid, injected if not kept down.",
        "ESE24",
    ),
    remark(
        "STEROID_CARD",
        "Hand out a steroid emergency card with the plan for an adrenal crisis, and tell the household where it is.",
        "ESE24",
    ),
)
_OWN_SCHEDULE = remark(
    "OWN_SCHEDULE",
    "Step and floor are the clinician's own; this service computed dates, tablets and totals and recommends neither.",
    "P-conditions",
)
_LIMITS_OVERRIDDEN = remark(
    "LIMITS_OVERRIDDEN",
    "The clinician gave a reason to go beyond the source's limits; the source expects a rebound from faster reduction.",
    "S36",
    "C08",
)
_FLOOR_INFERRED = remark(
    "FLOOR_INFERRED",
    "The source names no maintenance dose: the floor is that of the trials. A lower dose is a clinician's entry.",
    "S09",
    "K09",
    "C06",
)
_AZATHIOPRINE_MAY_STAY = remark(
    "AZATHIOPRINE_MAY_STAY",
    "Guidance keeps azathioprine and reduces the steroid alone; a clinician may choose that instead of lowering both.",
    "K03",
    "C05",
)


def entry_advice(*, own_numbers: bool, reason_given: bool) -> Iterator[Remark]:
    """Yield what the clinician's own entry makes of the schedule."""
    if own_numbers:
        yield _OWN_SCHEDULE
    if reason_given:
        yield _LIMITS_OVERRIDDEN


def steroid_safety(descents: tuple[Descent, ...]) -> tuple[Remark, ...]:
    """Return the steroid-safety block where a steroid comes down."""
    return _STEROID_SAFETY if any(descent.drug in STEROIDS for descent in descents) else ()


def source_advice(descents: tuple[Descent, ...], *, own_floor: bool) -> Iterator[Remark]:
    """Yield what is known against the source's own schedule: where its floor comes from, what else may be lowered."""
    if not own_floor:
        yield _FLOOR_INFERRED
    if any(descent.drug == "azathioprine" for descent in descents):
        yield _AZATHIOPRINE_MAY_STAY
