"""Replaying kept plans from the command line, on a real database."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from app.__main__ import main
from app.knowledge.base import KnowledgeBase
from app.store.embedded import EmbeddedPostgres
from app.usecases.service import Service
from app.usecases.submit_episode import submit_episode
from tests.builders import episode
from tests.knowledge.folder import files, write
from tests.knowledge.shipped import copied
from tests.store.database import make_migrated_database, opened
from tests.usecases.clock import NOON
from tests.usecases.requesters import NORTH, SOUTH

pytestmark = pytest.mark.usefixtures("log_as_before")

NAME = "Marguerite"
DOSE = "options[prednisone_azathioprine].medications[prednisone].dose_mg_per_day"
_LOCK = text("LOCK TABLE plans IN ACCESS EXCLUSIVE MODE")
_BREAK = text("UPDATE plans SET input = :input WHERE id = :id")


async def keep(url: str, kb: KnowledgeBase, broken: bool) -> list[UUID]:
    """Keep two plans of one tenant and one of another; on demand what the last was decided on cannot be read."""
    database = opened(url)
    service = Service(database, kb, lambda: NOON)
    patients = [
        (NORTH, episode(medications=[{"drug": NAME}], allergies=[{"drug": NAME, "reaction": "intolerance"}])),
        (NORTH, episode(patient={"reference": NAME}, condition={"graft": "kidney"})),
        (SOUTH, episode(patient={"reference": NAME})),
    ]
    kept = [(await submit_episode(service, who, patient)).plan_id for who, patient in patients]
    if broken:
        async with database.owner() as connection:
            await connection.execute(_BREAK, {"id": kept[-1], "input": json.dumps({"name": NAME})})
    await database.close()
    return kept


@pytest.fixture(scope="module")
def whole(postgres: EmbeddedPostgres, kb: KnowledgeBase) -> tuple[str, list[UUID]]:
    """A database with three plans, and their ids."""
    url = make_migrated_database(postgres, f"replay_{uuid4().hex}")
    return url, asyncio.run(keep(url, kb, broken=False))


@pytest.fixture(scope="module")
def damaged(postgres: EmbeddedPostgres, kb: KnowledgeBase) -> tuple[str, list[UUID]]:
    """The same, but one of the plans cannot be replayed."""
    url = make_migrated_database(postgres, f"replay_{uuid4().hex}")
    return url, asyncio.run(keep(url, kb, broken=True))


@pytest.fixture
def plans(whole: tuple[str, list[UUID]], monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The ids of the plans in the database of the environment."""
    monkeypatch.setenv("DATABASE_URL", whole[0])
    return whole[1]


@pytest.fixture(scope="module")
def lower(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped knowledge but for one lower dose."""
    return copied(tmp_path_factory.mktemp("knowledge") / "next", "9.0.0", prednisone_combination_mg="25")


def replayed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["replay", *arguments])
    said = capsys.readouterr()
    assert NAME not in said.out + said.err
    return code, said.out + said.err


def written(path: Path) -> Any:
    content = path.read_text(encoding="utf-8")
    assert NAME not in content
    return json.loads(content)


def test_all_plans_of_all_tenants_are_identical(plans: list[UUID], capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(capsys, "--all") == (0, "Plans replayed: 3, of them 3 identical, 0 different, 0 failed.\n")


def test_one_tenant_can_be_named(plans: list[UUID], capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(capsys, "--all", "--tenant", "south")[1].startswith("Plans replayed: 1, of them 1 identical")
    assert replayed(capsys, "--all", "--tenant", "nobody")[1].startswith("Plans replayed: 0,")


def test_one_plan_can_be_named_whoevers_it_is(plans: list[UUID], capsys: pytest.CaptureFixture[str]) -> None:
    for plan_id in plans:
        assert replayed(capsys, str(plan_id)) == (0, "Plans replayed: 1, of them 1 identical, 0 different, 0 failed.\n")


def test_a_plan_that_there_is_not_is_a_failure(plans: list[UUID], capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(capsys, str(uuid7())) == (2, "There is no plan of this id.\n")
    assert replayed(capsys, str(plans[0]), "--tenant", "south") == (2, "There is no plan of this id.\n")


def test_other_knowledge_is_reported_by_what_it_means(
    plans: list[UUID], lower: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = replayed(capsys, "--all", "--knowledge", str(lower), "--json", str(tmp_path / "report.json"))
    assert code == 1
    assert said.splitlines()[0] == "Plans replayed: 3, of them 1 identical, 2 different, 0 failed."
    assert "       2  another dose, or another day or step of one" in said
    assert f"       2  {DOSE}" in said
    report = written(tmp_path / "report.json")
    assert report["plans"] == {
        "replayed": 3,
        "identical": 1,
        "different": 2,
        "failed": 0,
        "knowledge_not_loaded": 0,
    }
    assert report["impact"] == {"disposition": 0, "recommended_option": 0, "dose": 2}
    assert report["paths"][DOSE] == 2
    assert [one["plan_id"] for one in report["different"]] == [str(plans[0]), str(plans[2])]
    assert DOSE in report["different"][0]["paths"]


def test_a_loaded_version_can_be_named(
    plans: list[UUID], kb: KnowledgeBase, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replayed(capsys, "--all", "--knowledge", kb.manifest.version)[0] == 0


def test_knowledge_that_there_is_not_is_a_failure(
    plans: list[UUID], kb: KnowledgeBase, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = replayed(capsys, "--all", "--knowledge", "9.9.9")
    assert code == 2
    assert said == f"No knowledge 9.9.9: loaded are {kb.manifest.version}, and it is no folder.\n"


def test_knowledge_with_faults_is_a_failure_that_names_them(
    plans: list[UUID], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "faulty", files() | {"extras.yaml": {}})
    code, said = replayed(capsys, "--all", "--knowledge", str(folder))
    assert code == 2
    assert "extras.yaml: no table has this name" in said


def test_a_report_that_cannot_be_written_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    code, said = replayed(capsys, "--all", "--json", str(tmp_path / "no" / "report.json"))
    assert code == 2
    assert "cannot be written" in said


def test_a_plan_that_cannot_be_replayed_is_a_failure_and_hides_no_other(
    damaged: tuple[str, list[UUID]],
    lower: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", damaged[0])
    code, said = replayed(capsys, "--all", "--knowledge", str(lower), "--json", str(tmp_path / "report.json"))
    assert code == 2
    assert said.splitlines()[0] == "Plans replayed: 3, of them 1 identical, 1 different, 1 failed."
    assert f"  {damaged[1][2]}  INPUT_NOT_READABLE" in said
    assert written(tmp_path / "report.json")["failed"] == [
        {"plan_id": str(damaged[1][2]), "failure": "INPUT_NOT_READABLE"}
    ]


async def while_locked(url: str) -> int:
    """Return how the command ends while another session keeps the plans for itself."""
    database = opened(url)
    async with database.owner() as connection:
        await connection.execute(_LOCK)
        code = await asyncio.to_thread(main, ["replay", "--all"])
    await database.close()
    return code


def test_a_database_that_no_longer_answers_is_a_failure(
    whole: tuple[str, list[UUID]],
    plans: list[UUID],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("QUERY_TIMEOUT_SECONDS", "1")
    assert asyncio.run(while_locked(whole[0])) == 2
    assert "The database does not answer any more" in capsys.readouterr().err


def test_a_database_without_tables_is_told_to_be_migrated(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    code, said = replayed(capsys, "--all")
    assert code == 2
    assert "python -m app migrate" in said


@pytest.mark.parametrize("arguments", [[], ["no-id"], [str(uuid4()), "--all"]])
def test_what_to_replay_has_to_be_said_in_one_way(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["replay", *arguments])
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err
