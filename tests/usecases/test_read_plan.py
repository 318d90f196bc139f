"""Kept plans."""

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from app.clinical.plan import Plan
from app.clinical.resource import PlanPage
from app.errors import NotFound
from app.store.tables import plans
from app.usecases.read_plan import get_plan, list_plans
from app.usecases.service import Service
from app.usecases.submit_episode import submit_episode
from tests.builders import episode
from tests.usecases.requesters import NORTH, SOUTH


async def test_an_unknown_plan_is_not_found(service: Service) -> None:
    with pytest.raises(NotFound):
        await get_plan(service, NORTH, uuid7())
    with pytest.raises(NotFound):
        await list_plans(service, NORTH, uuid7())


async def test_the_plan_of_another_tenant_is_not_found(service: Service) -> None:
    submitted = await submit_episode(service, SOUTH, episode())
    with pytest.raises(NotFound):
        await get_plan(service, NORTH, submitted.plan_id)
    with pytest.raises(NotFound):
        await list_plans(service, NORTH, submitted.episode_id)


async def test_the_revisions_of_an_episode_are_one_page(service: Service) -> None:
    submitted = await submit_episode(service, NORTH, episode())
    page = PlanPage.model_validate_json(await list_plans(service, NORTH, submitted.episode_id))
    assert [plan.id for plan in page.items] == [str(submitted.plan_id)]
    assert page.next is None


async def test_a_change_of_status_changes_the_mark_but_no_byte_of_what_was_decided(service: Service) -> None:
    submitted = await submit_episode(service, NORTH, episode())
    before = await get_plan(service, NORTH, submitted.plan_id)
    async with service.database.transaction(NORTH.tenant) as connection:
        await connection.execute(update(plans).values(status="accepted"))
    after = await get_plan(service, NORTH, submitted.plan_id)
    assert before.etag != after.etag
    assert before.body.replace(b'"status":"draft"', b'"status":"accepted"', 1) == after.body
    assert Plan.model_validate_json(after.body).status == "accepted"
