"""A kept plan decided once more: with which knowledge, and what is told when it cannot be."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.errors import ReplayRefused
from app.knowledge.base import KnowledgeBase
from app.knowledge.versions import KnowledgeVersions
from app.store.kept_plans import find_kept_plan
from app.store.rows import KeptPlan
from app.usecases.replay import choose, replay
from app.usecases.service import Service
from app.usecases.submit_episode import submit_episode
from tests.builders import episode
from tests.knowledge.shipped import version
from tests.usecases.requesters import NORTH


async def kept(service: Service, plan_id: UUID) -> KeptPlan:
    async with service.database.connect(NORTH.tenant) as connection:
        found = await find_kept_plan(connection, NORTH.tenant, plan_id)
    assert found is not None
    return found


async def submitted(service: Service, **changes: Any) -> KeptPlan:
    return await kept(service, (await submit_episode(service, NORTH, episode(**changes))).plan_id)


def problems(refused: pytest.ExceptionInfo[ReplayRefused]) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in refused.value.problems]


async def test_a_kept_plan_is_decided_again_byte_for_byte(service: Service) -> None:
    plan = await submitted(service)
    found = replay(plan, service.versions)
    assert found.comparison.identical
    assert (found.output_digest, found.chosen.choice) == (plan.output_digest, "as_made")


async def test_a_plan_without_a_day_of_its_own_is_decided_for_the_day_it_was_made_on(service: Service) -> None:
    plan = await submitted(service, as_of=None, start_on=None)
    assert replay(plan, service.versions).comparison.identical


async def test_a_plan_keeps_the_knowledge_it_was_made_with(service: Service, kb: KnowledgeBase, tmp_path: Path) -> None:
    plan = await submitted(service)
    newer = version(tmp_path, "9.0.0", prednisone_combination_mg="25")
    found = replay(plan, KnowledgeVersions(newer, (kb,)))
    assert found.comparison.identical
    assert (found.chosen.knowledge, found.chosen.choice) == (kb, "as_made")


async def test_another_version_can_be_asked_for(service: Service, kb: KnowledgeBase, tmp_path: Path) -> None:
    plan = await submitted(service)
    newer = version(tmp_path, "9.0.0", prednisone_combination_mg="25")
    found = replay(plan, KnowledgeVersions(kb), newer)
    paths = {one.path: (one.stored, one.replayed) for one in found.comparison.differences}
    assert paths["options[prednisone_azathioprine].medications[prednisone].dose_mg_per_day"] == (30, 25)
    assert found.comparison.impact.dose
    assert (found.chosen.knowledge, found.chosen.choice) == (newer, "requested")


async def test_knowledge_that_is_not_loaded_is_replaced_by_the_present_one_and_this_is_said(
    service: Service, kb: KnowledgeBase, tmp_path: Path
) -> None:
    plan = await submitted(service)
    newer = version(tmp_path, "9.0.0", prednisone_combination_mg="25")
    found = replay(plan, KnowledgeVersions(newer))
    assert (found.chosen.knowledge, found.chosen.choice) == (newer, "present")
    assert f"{kb.manifest.version}, which is not loaded" in found.chosen.because
    assert not found.comparison.identical


async def test_a_version_whose_files_were_edited_is_not_the_one_the_plan_was_made_with(
    service: Service, kb: KnowledgeBase, tmp_path: Path
) -> None:
    plan = await submitted(service)
    edited = version(tmp_path, kb.manifest.version, prednisone_combination_mg="25")
    chosen = choose(plan, KnowledgeVersions(edited), None)
    assert (chosen.knowledge, chosen.choice) == (edited, "present")
    assert "are not those the plan was made with" in chosen.because


async def test_other_knowledge_that_decides_the_same_gives_the_identical_plan(
    service: Service, kb: KnowledgeBase, tmp_path: Path
) -> None:
    plan = await submitted(service)
    found = replay(plan, service.versions, version(tmp_path, "9.0.0"))
    assert found.comparison.identical
    assert found.output_digest != plan.output_digest


async def test_a_document_that_was_tampered_with_is_told_from_the_plan(service: Service) -> None:
    plan = await submitted(service)
    forged = replace(plan, document=plan.document.replace('"dose_mg_per_day":30', '"dose_mg_per_day":300'))
    found = replay(forged, service.versions).comparison
    assert {one.path for one in found.differences} >= {
        "options[prednisone_azathioprine].medications[prednisone].dose_mg_per_day"
    }


async def test_facts_that_the_knowledge_does_not_accept_are_refused_with_their_place(
    service: Service, kb: KnowledgeBase
) -> None:
    plan = await submitted(service)
    stricter = kb.analytes["alt"].model_copy(update={"units": ()})
    with pytest.raises(ReplayRefused) as refused:
        replay(plan, service.versions, replace(kb, analytes={**kb.analytes, "alt": stricter}))
    assert problems(refused) == [("/labs/0/unit", "UNIT_NOT_ACCEPTED")]


@pytest.mark.parametrize(
    "unread", [{"input": '{"patient":{"name":"Marguerite"}}'}, {"course": '{"taken":"Marguerite"}'}]
)
async def test_what_the_engine_no_longer_reads_is_refused_without_a_word_of_it(
    service: Service, unread: dict[str, str]
) -> None:
    plan = replace(await submitted(service), **unread)  # type: ignore[arg-type]
    with pytest.raises(ReplayRefused) as refused:
        replay(plan, service.versions)
    assert problems(refused) == [("", "INPUT_NOT_READABLE")]
    assert "Marguerite" not in "".join(one.message for one in refused.value.problems)
