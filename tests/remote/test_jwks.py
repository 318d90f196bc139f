"""The keys of an issuer over real HTTP: rotated, withdrawn, slow, huge, garbage, gone."""

import asyncio
import gzip
import json
import time
from http.server import BaseHTTPRequestHandler

import pytest

from app.errors import Unavailable
from app.remote import jwks
from app.remote.jwks import FRESH_SECONDS, LONGEST_ANSWER_BYTES, PAUSE_SECONDS, STALE_SECONDS, PublishedKeys
from tests.remote.issuer import P384, Issuer, flood, jwk, reply, trickle

UNKNOWN = "unknown"


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(issuer: Issuer, clock: Clock) -> PublishedKeys:
    return PublishedKeys(issuer.url, clock)


async def has(keys: PublishedKeys, key_id: str) -> bool:
    """Tell whether the key is found."""
    try:
        await keys.key(key_id, "ES384")
    except LookupError:
        return False
    return True


async def settled(keys: PublishedKeys) -> None:
    """Wait for a fetch that nobody waits for."""
    if keys._fetching is not None:
        await asyncio.shield(keys._fetching)


async def test_a_published_key_is_found(keys: PublishedKeys) -> None:
    assert await keys.key("ES384", "ES384") == P384.public_key()


async def test_a_key_is_not_found_under_an_algorithm_of_another_kind(keys: PublishedKeys) -> None:
    with pytest.raises(LookupError):
        await keys.key("ES384", "RS384")


async def test_keys_are_fetched_once_however_many_requests_wait(keys: PublishedKeys, issuer: Issuer) -> None:
    await asyncio.gather(*(keys.key("ES384", "ES384") for _ in range(20)))
    assert issuer.asked == ["/keys"]


async def test_a_caller_that_goes_away_does_not_end_the_fetch_for_the_others(
    keys: PublishedKeys, issuer: Issuer
) -> None:
    impatient = asyncio.create_task(has(keys, "ES384"))
    patient = asyncio.create_task(has(keys, "ES384"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient
    assert len(issuer.asked) == 1


async def test_a_flood_of_unknown_key_ids_is_one_fetch_in_each_pause(
    keys: PublishedKeys, issuer: Issuer, clock: Clock
) -> None:
    await keys.key("ES384", "ES384")
    assert not any([await has(keys, f"unknown-{number}") for number in range(50)])
    assert len(issuer.asked) == 1
    clock.now += PAUSE_SECONDS - 1
    assert not await has(keys, UNKNOWN)
    assert len(issuer.asked) == 1
    clock.now += 1
    assert not any(await asyncio.gather(*(has(keys, f"unknown-{number}") for number in range(50))))
    assert len(issuer.asked) == 2


async def test_a_new_key_is_found_after_the_pause(keys: PublishedKeys, issuer: Issuer, clock: Clock) -> None:
    await keys.key("ES384", "ES384")
    issuer.keys.append(jwk(P384, "new"))
    assert not await has(keys, "new")
    clock.now += PAUSE_SECONDS
    assert await has(keys, "new")
    assert await has(keys, "ES384")


async def test_a_withdrawn_key_is_noticed_when_the_keys_are_no_longer_fresh(
    keys: PublishedKeys, issuer: Issuer, clock: Clock
) -> None:
    await keys.key("ES384", "ES384")
    issuer.keys = [jwk(P384, "new")]
    clock.now += FRESH_SECONDS
    assert await has(keys, "ES384")
    clock.now += 1
    assert not await has(keys, "ES384")


async def test_known_keys_stay_in_use_for_a_bounded_time_while_the_issuer_is_down(
    keys: PublishedKeys, issuer: Issuer, clock: Clock
) -> None:
    await keys.key("ES384", "ES384")
    issuer.go_down()
    clock.now += FRESH_SECONDS + 1
    assert await has(keys, "ES384")
    assert not await has(keys, UNKNOWN)
    clock.now += STALE_SECONDS - FRESH_SECONDS - 1
    assert await has(keys, "ES384")
    await settled(keys)
    clock.now += 1
    with pytest.raises(Unavailable):
        await keys.key("ES384", "ES384")


async def test_an_issuer_that_comes_up_again_is_believed_at_once(
    keys: PublishedKeys, issuer: Issuer, clock: Clock
) -> None:
    issuer.go_down()
    with pytest.raises(Unavailable):
        await keys.key("ES384", "ES384")
    issuer.come_up()
    clock.now += PAUSE_SECONDS
    assert await has(keys, "ES384")
    issuer.go_down()
    clock.now += STALE_SECONDS + 1
    with pytest.raises(Unavailable):
        await keys.key("ES384", "ES384")
    issuer.come_up()
    clock.now += PAUSE_SECONDS
    assert await has(keys, "ES384")


async def test_while_the_issuer_fails_callers_with_a_known_key_do_not_wait_for_it(
    keys: PublishedKeys, issuer: Issuer, clock: Clock
) -> None:
    await keys.key("ES384", "ES384")
    issuer.manner = lambda handler: reply(handler, b"", 500)
    clock.now += FRESH_SECONDS + 1
    await keys.key("ES384", "ES384")
    issuer.manner = issuer.publish
    issuer.keys = [jwk(P384, "new")]
    clock.now += PAUSE_SECONDS
    assert await has(keys, "ES384")
    await settled(keys)
    assert not await has(keys, "ES384")


async def test_without_any_key_the_service_says_when_to_try_again(
    keys: PublishedKeys, issuer: Issuer, clock: Clock
) -> None:
    issuer.go_down()
    for waited, left in ((0.0, 30), (12.5, 18), (17.0, 1)):
        clock.now += waited
        with pytest.raises(Unavailable) as refused:
            await keys.key("ES384", "ES384")
        assert refused.value.retry_after_seconds == left


def redirect(handler: BaseHTTPRequestHandler) -> None:
    reply(handler, b"", 302, Location="/elsewhere")


def tower(handler: BaseHTTPRequestHandler) -> None:
    reply(handler, b"[" * 100_000)


def packed(handler: BaseHTTPRequestHandler) -> None:
    """Send a small answer that unpacks into a large one."""
    reply(handler, gzip.compress(b" " * 10_000_000), Content_Encoding="gzip")


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


BAD = {
    "an error": lambda handler: reply(handler, b"", 500),
    "nothing": lambda handler: reply(handler, b""),
    "text": lambda handler: reply(handler, b"<html>"),
    "bytes": lambda handler: reply(handler, bytes(range(256))),
    "no key set": lambda handler: reply(handler, b'{"keys": 7}'),
    "no key": lambda handler: reply(handler, b'{"keys": []}'),
    "a tower of lists": tower,
    "a redirect": redirect,
    "a packed answer": packed,
    "an answer without an end": flood,
    "a closed connection": hang_up,
}


@pytest.mark.parametrize("manner", BAD)
async def test_an_issuer_that_answers_badly_gives_no_key_and_is_asked_once(
    keys: PublishedKeys, issuer: Issuer, manner: str
) -> None:
    issuer.manner = BAD[manner]
    for _ in range(2):
        with pytest.raises(Unavailable):
            await keys.key("ES384", "ES384")
    assert issuer.asked == ["/keys"]


async def test_an_answer_that_comes_a_byte_at_a_time_is_not_waited_for(
    keys: PublishedKeys, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jwks, "LONGEST_WAIT_SECONDS", 1.0)
    issuer.manner = trickle
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        await keys.key("ES384", "ES384")
    assert 1 <= time.monotonic() - begun < 20


async def test_an_issuer_that_withdraws_every_key_is_believed(
    keys: PublishedKeys, issuer: Issuer, clock: Clock
) -> None:
    await keys.key("ES384", "ES384")
    issuer.keys = []
    clock.now += FRESH_SECONDS + 1
    with pytest.raises(Unavailable):
        await keys.key("ES384", "ES384")


@pytest.mark.parametrize("manner", [name for name in BAD if name != "no key"])
async def test_an_issuer_that_answers_badly_takes_no_known_key_away(
    keys: PublishedKeys, issuer: Issuer, clock: Clock, manner: str
) -> None:
    await keys.key("ES384", "ES384")
    issuer.manner = BAD[manner]
    clock.now += FRESH_SECONDS + 1
    assert await has(keys, "ES384")


@pytest.mark.parametrize(("longer", "found"), [(0, True), (1, False)])
async def test_the_longest_answer_is_read_and_one_byte_more_is_not(
    keys: PublishedKeys, issuer: Issuer, longer: int, found: bool
) -> None:
    body = json.dumps({"keys": issuer.keys}).encode().ljust(LONGEST_ANSWER_BYTES + longer)
    issuer.manner = lambda handler: reply(handler, body)
    if found:
        assert await has(keys, "ES384")
    else:
        with pytest.raises(Unavailable):
            await keys.key("ES384", "ES384")
