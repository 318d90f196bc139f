"""Every error leaves the service as a problem."""

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from app import errors
from app.api.envelope import Envelope
from app.api.error_answers import _KIND_OF_ERROR, answer_errors
from app.api.problems import FieldError

FAULT = FieldError(pointer="/labs/0/unit", code="UNIT", message="Use U/L.")


async def answer_to(error: Exception) -> httpx.Response:
    """Return what a caller gets when a handler raises `error`."""
    app = FastAPI(openapi_url=None)

    @app.get("/")
    async def fail() -> None:
        raise error

    answer_errors(app, [route for route in app.routes if isinstance(route, APIRoute)])
    app.add_middleware(Envelope)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://doors") as client:
        return await client.get("/")


def leaves(kind: type[errors.RefusedError]) -> set[type[errors.RefusedError]]:
    """Return the errors that are raised, not those they derive from."""
    below = kind.__subclasses__()
    return {kind} if not below else {leaf for child in below for leaf in leaves(child)}


def test_every_error_of_the_service_stands_in_the_table() -> None:
    assert leaves(errors.RefusedError) == _KIND_OF_ERROR.keys()


def test_an_error_and_its_answer_have_the_same_code() -> None:
    assert all(error.code == kind.code for error, kind in _KIND_OF_ERROR.items())


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.NotFound(), 404, "NOT_FOUND"),
        (errors.PlanWithdrawn(), 409, "PLAN_WITHDRAWN"),
        (errors.PreconditionFailed(), 412, "PRECONDITION_FAILED"),
        (errors.InvalidCursor(), 400, "INVALID_CURSOR"),
        (errors.InvalidEpisode([FAULT]), 422, "INVALID_EPISODE"),
        (errors.TaperRefused([FAULT]), 422, "TAPER_REFUSED"),
        (errors.VersionNotLoaded([FAULT]), 422, "INVALID_PARAMETER"),
        (errors.ReplayRefused([FAULT]), 422, "REPLAY_REFUSED"),
        (errors.Unavailable(), 503, "UNAVAILABLE"),
        (HTTPException(404, "patient data"), 404, "NOT_FOUND"),
        (HTTPException(405), 405, "METHOD_NOT_ALLOWED"),
        (HTTPException(418, "patient data"), 400, "BAD_REQUEST"),
        (RuntimeError("patient data"), 500, "INTERNAL_ERROR"),
    ],
)
async def test_an_error_becomes_a_problem(error: Exception, status: int, code: str) -> None:
    answer = await answer_to(error)
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.status_code == problem["status"] == status
    assert problem["code"] == code
    assert problem["type"] == f"/problems/{code}"
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert problem["request_id"] in problem["instance"]
    assert "patient" not in answer.text


@pytest.mark.parametrize("error", [errors.InvalidEpisode([FAULT, FAULT]), errors.TaperRefused([FAULT, FAULT])])
async def test_faults_of_the_facts_are_all_listed(error: errors.RefusedError) -> None:
    assert (await answer_to(error)).json()["errors"] == [FAULT.model_dump()] * 2


async def test_unavailable_says_when_to_try_again() -> None:
    assert (await answer_to(errors.Unavailable())).headers["Retry-After"] == "5"
    assert (await answer_to(errors.Unavailable("", 17))).headers["Retry-After"] == "17"
