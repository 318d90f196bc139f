"""A plan as a document: serialised once, digested, stored and sent as the same bytes."""

from dataclasses import dataclass
from hashlib import sha256

from app.clinical.episode import Episode
from app.clinical.plan import PlanContent, PlanHeader
from app.clinical.progress import Course
from app.clinical.wire import Wire


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a plan as JSON text with its own digest as last property."""

    json: bytes
    output_digest: str


def digest(content: bytes) -> str:
    """Return the name of a content: `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{sha256(content).hexdigest()}"


def input_digest(episode: Episode, course: Course | None = None) -> str:
    """Return the digest of what a plan is decided on: an episode whose dates are resolved, and its course if any."""
    history = b"" if course is None else course.model_dump_json().encode()
    return digest(episode.model_dump_json().encode() + history)


def write_document(content: PlanContent) -> Document:
    """Serialise a plan and put the digest of everything before it at its end."""
    body = content.model_dump_json().encode()
    name = digest(body)
    return Document(body[:-1] + f',"output_digest":"{name}"}}'.encode(), name)


def join_header(header: Wire, document: bytes) -> bytes:
    """Return the record of the contract: the header's properties before the stored ones, which stay as they are."""
    return header.model_dump_json().encode()[:-1] + b"," + document[1:]


UNSTORED = PlanHeader(
    id=None,
    episode_id=None,
    revision=None,
    status=None,
    superseded_by=None,
    created_at=None,
    retrospective=False,
    accepted_option_id=None,
)
