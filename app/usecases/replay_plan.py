"""One kept plan decided once more, as answered."""

from uuid import UUID

from app import __version__
from app.clinical.replay import KnowledgeUsed, Replay, ReplayedDigest, ReplayedEngine, ReplayedKnowledge
from app.errors import NotFound, VersionNotLoaded
from app.facts.faults import Fault
from app.knowledge.base import KnowledgeBase
from app.knowledge.versions import KnowledgeVersions
from app.store.kept_plans import find_kept_plan
from app.store.rows import KeptPlan, Requester
from app.usecases.access import access
from app.usecases.replay import Replayed, replay
from app.usecases.service import Service


async def replay_plan(service: Service, who: Requester, plan_id: UUID, version: str | None = None) -> bytes:
    """Return how the tenant's plan compares with what is decided now; raise NotFound without such a plan.

    `version` names another loaded knowledge than the plan's own; VersionNotLoaded lists those there are.
    """
    async with access(service, who, "replay", "plan", plan_id) as entry:
        wanted = None if version is None else loaded(service.versions, version)
        async with entry.reading() as connection:
            kept = await find_kept_plan(connection, who.tenant, plan_id)
        if kept is None:
            raise NotFound
        return _answer(kept, replay(kept, service.versions, wanted)).model_dump_json().encode()


def loaded(versions: KnowledgeVersions, version: str) -> KnowledgeBase:
    """Return the knowledge of a version, or raise VersionNotLoaded with the versions there are."""
    found = versions.of_version(version)
    if found is None:
        known = ", ".join(kb.manifest.version for kb in versions.loaded)
        raise VersionNotLoaded([Fault("/query/knowledge_version", "VERSION_NOT_LOADED", f"Loaded are: {known}")])
    return found


def _answer(kept: KeptPlan, replayed: Replayed) -> Replay:
    chosen, comparison = replayed.chosen, replayed.comparison
    used = chosen.knowledge
    return Replay(
        plan_id=str(kept.id),
        identical=comparison.identical,
        engine=ReplayedEngine(stored=kept.engine_version, replayed=__version__),
        knowledge=ReplayedKnowledge(
            stored=KnowledgeUsed(version=kept.knowledge_version, digest=kept.knowledge_digest),
            replayed=KnowledgeUsed(version=used.manifest.version, digest=used.digest),
            choice=chosen.choice,
            because=chosen.because,
        ),
        output_digest=ReplayedDigest(stored=kept.output_digest, replayed=replayed.output_digest),
        differences=comparison.differences,
        differences_not_shown=comparison.not_shown,
    )
