"""A kept plan decided once more on what it was decided on, and everything that is different now."""

from typing import Literal

from pydantic import Field, JsonValue

from app.clinical.wire import Wire

DifferenceKind = Literal["changed", "added", "removed", "reordered"]
KnowledgeChoice = Literal["as_made", "present", "requested"]


class Difference(Wire):
    """One place at which the plan kept and the plan decided now are not the same."""

    path: str = Field(
        description="Where. An entry of a list stands under its id, code or name, "
        "`options[tacrolimus_restart].medications[tacrolimus].dose_mg_per_day`; under its place where it has none."
    )
    kind: DifferenceKind = Field(description="`reordered`: the same entries follow each other in another order.")
    stored: JsonValue = Field(description="What the plan says; null where it says nothing.")
    replayed: JsonValue = Field(description="What is decided now; null where nothing is.")


class ReplayedEngine(Wire):
    """Which software decided, then and now."""

    stored: str
    replayed: str


class KnowledgeUsed(Wire):
    """One version of the knowledge base. The digest tells two apart that were given the same version."""

    version: str
    digest: str


class ReplayedKnowledge(Wire):
    """Which knowledge decided, then and now."""

    stored: KnowledgeUsed
    replayed: KnowledgeUsed
    choice: KnowledgeChoice = Field(
        description="`as_made`: what the plan was made with. `present`: that is not loaded. `requested`: asked for."
    )
    because: str


class ReplayedDigest(Wire):
    """The digest of every byte decided, then and now. It covers the versions of engine and knowledge."""

    stored: str
    replayed: str


class Replay(Wire):
    """A plan decided once more. Nothing of it is kept."""

    plan_id: str
    identical: bool = Field(
        description="Whether the same was decided. With the same engine and knowledge: the same bytes. With others: "
        "every line is the same but those that name the two."
    )
    engine: ReplayedEngine
    knowledge: ReplayedKnowledge
    output_digest: ReplayedDigest
    differences: tuple[Difference, ...] = Field(description="In the order of the plan; the first 200 of them.")
    differences_not_shown: int = Field(description="How many more there are.")
