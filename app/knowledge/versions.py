"""The knowledge in use and the versions before it, side by side: what decided a plan can be asked again."""

from dataclasses import dataclass

from app.knowledge.base import KnowledgeBase


@dataclass(frozen=True, slots=True)
class KnowledgeVersions:
    """Every version that is loaded. `present` decides; the `earlier` ones only read again what they decided."""

    present: KnowledgeBase
    earlier: tuple[KnowledgeBase, ...] = ()

    @property
    def loaded(self) -> tuple[KnowledgeBase, ...]:
        """All of them, the present one first."""
        return (self.present, *self.earlier)

    def of_version(self, version: str) -> KnowledgeBase | None:
        """Return the knowledge that calls itself so, if it is loaded; no two do."""
        return next((kb for kb in self.loaded if kb.manifest.version == version), None)

    def of_digest(self, digest: str) -> KnowledgeBase | None:
        """Return the knowledge of exactly these files, if it is loaded: a version may have been edited since."""
        return next((kb for kb in self.loaded if kb.digest == digest), None)
