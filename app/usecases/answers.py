"""Answers as bytes: the state of a record written in front of the document that was kept, which is not parsed again."""

from dataclasses import dataclass

from app.clinical.plan import PlanHeader
from app.clinical.resource import EpisodeHeader
from app.planning.document import UNSTORED, join_header
from app.store.rows import EpisodeRecord, PlanRecord


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as answered, and the mark that changes whenever the answer would."""

    body: bytes
    etag: str


def episode_body(record: EpisodeRecord) -> bytes:
    """Return the episode as answered."""
    header = EpisodeHeader.model_construct(
        id=str(record.id),
        created_at=record.created_at,
        updated_at=record.updated_at,
        revision=record.revision,
        status=record.status,
    )
    return join_header(header, record.document.encode())


def episode_etag(record: EpisodeRecord) -> str:
    """Return the version mark of an episode: every change makes a new revision."""
    return f'"{record.revision}"'


def plan_body(record: PlanRecord) -> bytes:
    """Return the plan as answered."""
    header = PlanHeader.model_construct(
        id=str(record.id),
        episode_id=str(record.episode_id),
        revision=record.revision,
        status=record.status,
        superseded_by=None if record.superseded_by is None else str(record.superseded_by),
        created_at=record.created_at,
        retrospective=record.retrospective,
        accepted_option_id=record.accepted_option_id,
    )
    return join_header(header, record.document.encode())


def episode_and_plan(episode: EpisodeRecord, plan: PlanRecord) -> bytes:
    """Return an episode and its present plan as answered together."""
    return b'{"episode":%s,"plan":%s}' % (episode_body(episode), plan_body(plan))


def unkept_plan_body(document: bytes, *, retrospective: bool) -> bytes:
    """Return a plan of which no record was made: it has no id, no revision and no status."""
    return join_header(UNSTORED.model_copy(update={"retrospective": retrospective}), document)


def plan_etag(record: PlanRecord) -> str:
    """Return the version mark of a plan: its status may change, and with an acceptance what it says."""
    return f'"{record.id.hex}-{record.status}-{record.output_digest[-12:]}"'


def page_body(items: list[bytes], cursor: str | None) -> bytes:
    """Return a page of answers; a cursor has no character that JSON would escape."""
    mark = b"null" if cursor is None else b'"%s"' % cursor.encode()
    return b'{"items":[%s],"next":%s}' % (b",".join(items), mark)
