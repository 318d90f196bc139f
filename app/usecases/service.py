"""What every use case works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.knowledge.base import KnowledgeBase
from app.store.engine import Database


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of a running service. `clock` returns the present instant with its zone."""

    database: Database
    knowledge: KnowledgeBase
    clock: Callable[[], datetime]
