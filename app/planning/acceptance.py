"""What a decision of a clinician does to the course, and whether a plan allows it."""

from decimal import Decimal

from app.clinical.option import Option
from app.clinical.plan import PlanContent
from app.clinical.progress import Course, Following
from app.clinical.vocabulary import OptionId, PlanStatus
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.planning.following import CLOSED, begin
from app.taper.follow import steroid_ahead
from app.taper.steps import SCHEDULED_OPTIONS, source_floor

_ALONE: OptionId = "prednisone_monotherapy"
_STEROID = "prednisone"


def option_named(content: PlanContent, option_id: OptionId | None) -> Option | None:
    """Return that option of the plan if it may be chosen; a blocked or not indicated one may not."""
    return next((item for item in content.options if item.id == option_id and item.standing not in CLOSED), None)


def recommended(content: PlanContent) -> Option | None:
    """Return the recommended option; None where nothing is recommended."""
    return next((option for option in content.options if option.standing == "recommended"), None)


def assumed(content: PlanContent, facts: Facts, course: Course, kb: KnowledgeBase) -> Course:
    """Return the course with the recommended option assumed, where nobody accepted one and none is followed."""
    option = recommended(content)
    if course.following is not None or option is None:
        return course
    following = begin(option, facts, kb, accepted=False, recommended=option.id, visits=course.visits)
    return course.model_copy(update={"following": following})


def accepted(option: Option, content: PlanContent, facts: Facts, course: Course, kb: KnowledgeBase) -> Course:
    """Return the course from an acceptance on: the option followed goes on, another one begins with the plan.

    A steroid that is taken goes on beside an option that has no schedule of its own: it is never stopped by a choice.
    """
    following = course.following
    if following is not None and following.option_id == option.id:
        return course.model_copy(update={"following": following.model_copy(update={"accepted": True})})
    first = recommended(content)
    named = None if first is None else first.id
    begun = begin(option, facts, kb, accepted=True, recommended=named, visits=course.visits)
    if following is not None and not begun.path:
        goes_on = {"path": steroid_ahead(course, _floor(option, kb)), "step_style": following.step_style}
        begun = begun.model_copy(update=goes_on)
    return Course(following=begun, visits=course.visits)


def _floor(option: Option, kb: KnowledgeBase) -> Decimal:
    """Return where the steroid stops that goes on into an option, mg per day: alone, at its own maintenance dose.

    Azathioprine that joins leads on to the lower one of the combination.
    """
    return source_floor(_ALONE, _STEROID, kb) if option.id in SCHEDULED_OPTIONS else Decimal(0)


def declined(course: Course) -> Course:
    """Return the course once its option is declined: before any visit nothing is followed, later it is assumed."""
    if course.following is None or not course.visits:
        return course.model_copy(update={"following": None})
    return course.model_copy(update={"following": course.following.model_copy(update={"accepted": False})})


def inherited_status(before: PlanStatus, content: PlanContent, following: Following | None) -> PlanStatus:
    """Return the status of a new revision: accepted like the one before it, unless that option no longer holds."""
    if before != "accepted" or following is None or not _holds(content, following):
        return "draft"
    return "accepted"


def accepted_option(status: PlanStatus, following: Following | None) -> OptionId | None:
    """Return the option that is accepted where a plan has this status; None where none is."""
    return following.option_id if following is not None and status == "accepted" else None


def _holds(content: PlanContent, following: Following) -> bool:
    """Whether the accepted option is still offered and the revision recommends no other than it did then.

    With data missing there are no options; a treatment under way goes on until the data say otherwise.
    """
    if content.disposition == "insufficient_data":
        return True
    first = recommended(content)
    same = first is None or first.id in (following.option_id, following.recommended_then)
    return same and option_named(content, following.option_id) is not None
