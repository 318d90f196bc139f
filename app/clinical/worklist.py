"""What is due across episodes: tests, gates of a taper, tasks."""

from pydantic import Field

from app.clinical.remark import CitationIds
from app.clinical.vocabulary import ConditionCode, DueKind, DueUrgency, OptionId, TaskGate
from app.clinical.wire import Day, Wire


class DueHeader(Wire):
    """Whose item it is and how it stands today; joined at read."""

    plan_id: str
    episode_id: str
    patient_reference: str
    condition: ConditionCode
    urgency: DueUrgency = Field(description="Against today (UTC).")


class DueContent(Wire):
    """One thing that a plan sets due, as the plan says it."""

    kind: DueKind = Field(description="`test`: results; `gate`: assess the next step of a taper; `task`: to be done.")
    code: str = Field(description="Code of the monitoring item or the task; `next_step` for a gate.")
    title: str
    due_on: Day
    analytes: tuple[str, ...] = Field(description="Results wanted; empty for a task.")
    repeat_days: int | None = Field(description="Days to the next time; null when it is due once.")
    gate: TaskGate | None = Field(description="Of a task: whether it must be done before the option is accepted.")
    option_id: OptionId | None = Field(description="The option that needs it; null where it does not depend on one.")
    citations: CitationIds


class DueItem(DueHeader, DueContent):
    """An open item of the worklist."""


class DueItemPage(Wire):
    """Open items, the longest overdue first."""

    items: tuple[DueItem, ...]
    next: str | None = Field(description="Send it as `cursor` for the next page; null on the last one.")
