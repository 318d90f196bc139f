"""The bare app: what this stack does when the service does nothing but read, answer and store.

The answer is a template with new ids, so that no route pays for a decision; two routes differ only by what their names
say. Started with REFERENCE_DSN naming an empty database.
"""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
from fastapi import FastAPI, Request, Response
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bench.reference_body import Answer, Case, answer


class Base(DeclarativeBase):
    """Mapped twins of the tables below."""


class CaseRow(Base):
    """A stored case."""

    __tablename__ = "cases"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(index=True)
    document: Mapped[str]
    answers: Mapped[list["AnswerRow"]] = relationship(back_populates="case")


class AnswerRow(Base):
    """A stored answer."""

    __tablename__ = "answers"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    document: Mapped[str]
    case: Mapped[CaseRow] = relationship(back_populates="answers")


CASES, ANSWERS = Base.metadata.tables["cases"], Base.metadata.tables["answers"]
INSERT_CASE, INSERT_ANSWER = CASES.insert(), ANSWERS.insert()
SELECT_ANSWER = sa.select(ANSWERS.c.document).where(ANSWERS.c.id == sa.bindparam("id"))
ENGINE: AsyncEngine = create_async_engine(os.environ["REFERENCE_DSN"], pool_size=4, max_overflow=0)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Make the tables."""
    async with ENGINE.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await ENGINE.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/readyz")
async def ready() -> dict[str, str]:
    """Say that the app serves."""
    return {"status": "ready"}


@app.post("/echo")
async def echo(_: Case) -> Answer:
    """Read and answer."""
    return answer()


@app.post("/core", status_code=201)
async def core(case: Case) -> Answer:
    """Read, store both with two Core statements in one transaction, answer."""
    made = answer()
    row = {"id": made.case_id, "reference": case.reference, "document": case.model_dump_json()}
    async with ENGINE.begin() as connection:
        await connection.execute(INSERT_CASE, row)
        await connection.execute(
            INSERT_ANSWER, {"id": made.id, "case_id": made.case_id, "document": made.model_dump_json()}
        )
    return made


@app.post("/orm", status_code=201)
async def orm(case: Case) -> Answer:
    """Read, store both as one unit of work, answer."""
    made = answer()
    row = CaseRow(id=made.case_id, reference=case.reference, document=case.model_dump_json())
    row.answers.append(AnswerRow(id=made.id, document=made.model_dump_json()))
    async with AsyncSession(ENGINE) as session, session.begin():
        session.add(row)
    return made


@app.put("/answers/{key}", status_code=204)
async def keep(key: uuid.UUID, request: Request) -> None:
    """Store any document, so that reading it back can be compared with reading the service's own."""
    document = (await request.body()).decode()
    async with ENGINE.begin() as connection:
        await connection.execute(INSERT_CASE, {"id": key, "reference": "kept", "document": ""})
        await connection.execute(INSERT_ANSWER, {"id": key, "case_id": key, "document": document})


@app.get("/answers/{key}")
async def stored(key: uuid.UUID) -> Response:
    """Select one stored document and send the same bytes."""
    async with ENGINE.connect() as connection:
        document = (await connection.execute(SELECT_ANSWER, {"id": key})).scalar_one()
    return Response(document, media_type="application/json")
