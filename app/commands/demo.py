"""The service at work: start it or find it, post the example episode over HTTP, show the plan."""

import argparse
import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import uvicorn

from app.api.contract import example
from app.clinical.plan import Plan
from app.commands.plan_text import render_plan
from app.commands.serve import server_options
from app.commands.token import development_token
from app.errors import StartError
from app.main import create_app
from app.settings import Settings

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared, not bound
_LOOK_AGAIN_SECONDS = 0.05
_ANSWER_SECONDS = 30


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Show the plan for the example; then serve on, unless once is enough."""
    # The plan is what is to be read here; a failed start still says why.
    quiet = settings.model_copy(update={"log_level": "warning"})
    once = options.once or os.environ.get("ONCE", "") not in {"", "0"}
    with suppress(KeyboardInterrupt):
        asyncio.run(_show(quiet, once=once))
    return 0


async def _show(settings: Settings, *, once: bool) -> None:
    address = f"http://{_EVERYWHERE.get(settings.host, settings.host)}:{settings.port}"
    # The environment's proxy must not stand between this process and itself.
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=_ANSWER_SECONDS) as client:
        if await _is_ready(client):
            print(f"Found the service at {address}.\n")
            await _post_example(settings, client)
            return
        async with _serving(settings) as server:
            await _post_example(settings, client)
            if not once:
                print("Serving until you press Ctrl-C.", flush=True)
                await server


async def _is_ready(client: httpx.AsyncClient) -> bool:
    """Tell whether a service runs there already; any other program on the port is a fault the user can mend."""
    try:
        answer = await client.get("/readyz")
    except httpx.TransportError:
        return False
    if answer.headers.get("content-type", "").startswith("application/json") and answer.json().get("status") == "ready":
        return True
    raise StartError(f"Something else answers at {client.base_url}; choose another port, for example PORT=8001.")


@asynccontextmanager
async def _serving(settings: Settings) -> AsyncIterator["asyncio.Task[None]"]:
    print("Starting the service with its database ...", flush=True)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), **server_options(settings)))
    task = asyncio.create_task(server.serve())
    try:
        await _wait_until_started(server, task)
        yield task
    finally:
        server.should_exit = True
        await task


async def _wait_until_started(server: uvicorn.Server, task: "asyncio.Task[None]") -> None:
    while not server.started:
        if task.done():
            raise StartError("The service was stopped while it started.")
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def _post_example(settings: Settings, client: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {development_token(settings)}"}
    created = _accepted(await client.post("/v1/episodes", json=example("typical"), headers=headers))
    plan = _accepted(await client.get(f"/v1/plans/{created.json()['plan']['id']}", headers=headers))
    print(render_plan(Plan.model_validate_json(plan.content)))
    print(f"\nThis plan:                 {plan.url}")
    print(f"Token for your own calls:  {settings.data_dir / 'token'}")
    print(f"Interactive documentation: {plan.url.join('/docs')}", flush=True)


def _accepted(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    raise StartError(
        f"{answer.request.method} {answer.request.url} was answered with {answer.status_code}. "
        "A service that was started elsewhere needs the same DATA_DIR, so that it knows our token."
    )
