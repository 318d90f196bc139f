"""How often one caller may ask: by tenant and subject of the token, or by address where there is no valid token.

The count lives in this process: each process and each replica counts for itself. It remembers the latest callers only,
so that a crowd of them cannot fill the memory; who was forgotten starts afresh.
"""

import ipaddress
from math import ceil

from fastapi import Request
from throttled import RateLimiterType, Throttled, rate_limiter, store

from app.api.problem_kinds import RATE_LIMITED
from app.api.problems import Refusal
from app.api.tokens import Caller

_CALLERS_REMEMBERED = 10_000
_HOUSEHOLD_BITS = 64


class RateLimit:
    """At most `per_minute` requests of a caller, all at once or spread out; None sets no limit."""

    def __init__(self, per_minute: int | None) -> None:
        self._limiter = None if per_minute is None else _limiter(per_minute)

    def spend(self, who: str) -> None:
        """Count one request, or refuse it with 429 and the seconds until the next one is free."""
        if self._limiter is None:
            return
        outcome = self._limiter.limit(who)
        if outcome.limited:
            seconds = max(1, ceil(outcome.state.retry_after))
            raise Refusal(RATE_LIMITED, headers={"Retry-After": str(seconds)})


def name_of(caller: Caller) -> str:
    """Return the key of a caller with a valid token; no tenant holds the separator."""
    return f"{caller.tenant}\n{caller.subject}"


def address_of(request: Request) -> str:
    """Return the key of a caller without one: his address, in IPv6 the network of his household."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, _HOUSEHOLD_BITS), strict=False))


def _limiter(per_minute: int) -> Throttled:
    return Throttled(
        using=RateLimiterType.GCRA.value,
        quota=rate_limiter.per_min(per_minute, burst=per_minute),
        store=store.MemoryStore(options={"MAX_SIZE": _CALLERS_REMEMBERED}),
    )
