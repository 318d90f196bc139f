"""What every use case works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from app.knowledge.base import KnowledgeBase
from app.knowledge.versions import KnowledgeVersions
from app.store.engine import Database
from app.store.recorder import Recorder


@dataclass(frozen=True)
class Service:
    """The parts of a running service. `clock` returns the present instant with its zone.

    `keys_last` is how long the answer to a request that may be sent again is kept.
    `knowledge` decides every new plan; the `earlier` versions are there to read again what they decided.
    """

    database: Database
    knowledge: KnowledgeBase
    clock: Callable[[], datetime]
    keys_last: timedelta = timedelta(hours=24)
    earlier: tuple[KnowledgeBase, ...] = ()

    @property
    def versions(self) -> KnowledgeVersions:
        """Every version of the knowledge that is loaded."""
        return KnowledgeVersions(self.knowledge, self.earlier)

    @cached_property
    def recorder(self) -> Recorder:
        """Where everybody's reading is recorded together."""
        return Recorder(self.database)
