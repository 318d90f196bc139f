"""Ids in addresses. Text that is no id names nothing: it answers 404 like an unknown id."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

EpisodeId = Annotated[UUID, Path(alias="id", description="Id of the episode.")]
PlanId = Annotated[UUID, Path(alias="id", description="Id of the plan.")]
