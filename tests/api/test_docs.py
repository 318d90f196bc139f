"""The documentation page as files: nothing from elsewhere, nothing inline."""

import re

import httpx
import pytest

from app.api.docs import CONTENT_SECURITY_POLICY

ELSEWHERE = re.compile(r"(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE)


async def test_the_page_uses_no_address_outside_this_service(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    assert not ELSEWHERE.search(page)
    assert "http" not in page.replace("<!DOCTYPE html>", "")


async def test_every_file_the_page_names_is_served(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    names = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert len(names) == 5
    for name in names:
        assert (await client.get(f"/{name}")).status_code == 200


async def test_the_page_has_no_inline_script_or_style(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|style=", page) == []


async def test_the_policy_admits_this_service_alone(client: httpx.AsyncClient) -> None:
    answer = await client.get("/docs")
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "//" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("swagger-ui.css", "text/css"),
        ("swagger-ui-bundle.js", "text/javascript"),
        ("start.js", "text/javascript"),
        ("favicon-32x32.png", "image/png"),
    ],
)
async def test_an_asset_has_its_media_type_and_may_be_kept(
    client: httpx.AsyncClient, name: str, media_type: str
) -> None:
    answer = await client.get(f"/docs/{name}")
    assert answer.headers["Content-Type"].startswith(media_type)
    assert answer.headers["Cache-Control"] == "max-age=3600"


@pytest.mark.parametrize("name", ["unknown.js", "..%2Fdevelopment.py", "swagger.html"])
async def test_no_other_file_is_served(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/docs/{name}")).status_code == 404


async def test_the_page_starts_ready_to_try_and_remembers_the_token(client: httpx.AsyncClient) -> None:
    script = (await client.get("/docs/start.js")).text
    assert "persistAuthorization: true" in script
    assert "tryItOutEnabled: true" in script
    assert "validatorUrl: null" in script
