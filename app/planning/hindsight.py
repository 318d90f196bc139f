"""What earlier visits say on the results known now: responses that read differently, steps that would be held."""

from app.clinical.progress import Course, Reclassified, Visit
from app.facts.course import own_steps
from app.planning.reading import Reader, passes_remission, replaced


def changed_responses(before: Course, after: Course, visit: Visit) -> tuple[Reclassified, ...]:
    """Return the earlier assessments that read differently in the course `after`, which holds one `visit` more."""
    place = sum(old.on <= visit.on for old in before.visits)
    others = (*after.visits[:place], *after.visits[place + 1 :])
    return tuple(
        Reclassified(assessed_on=old.on, field="response", was=str(old.response), now=str(new.response))
        for old, new in zip(before.visits, others, strict=True)
        if old.response != new.response
    )


def steps_again(reader: Reader, course: Course) -> tuple[Course, tuple[Reclassified, ...]]:
    """Return the course with the gates of each step as they read now, and what changed. A step taken stays taken."""
    changes: list[Reclassified] = []
    for place, visit in enumerate(course.visits):
        now = _decision_now(reader, course, place) if visit.gate_decision == "step" else None
        if now not in (None, "step"):
            changes.append(Reclassified(assessed_on=visit.on, field="taper_gate", was="step", now=str(now)))
            course = replaced(course, visit, visit.model_copy(update={"gate_decision": now}))
    return course, tuple(changes)


def _decision_now(reader: Reader, course: Course, place: int) -> str | None:
    """Return what the gates of a step allow on the results known now; None where the step is not of this treatment."""
    visit = course.visits[place]
    steps = own_steps(course)
    if all(step.starts_on != visit.on for step in steps):
        return None
    before = tuple(step for step in steps if step.starts_on < visit.on)
    then = course.model_copy(update={"steps": before, "visits": course.visits[: place + 1]})
    outcome = reader.gates(reader.view(visit, then), then, overridden=passes_remission(visit.override))
    return outcome.decision if outcome else None
