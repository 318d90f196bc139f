"""Work that is done once however often its caller asks for it: the answer is kept together with what was written."""

from collections.abc import Awaitable, Callable

from app.errors import InFlight, KeyReused
from app.store.connection import Connection
from app.store.idempotency import find_first, keep_first, sweep, take_turn
from app.store.rows import Attempt, FirstAnswer, NewAnswer, Requester, Written
from app.usecases.access import Access
from app.usecases.service import Service

Work = Callable[[Connection], Awaitable[Written]]
"""Writes something and says what to answer; what it raises leaves nothing behind, neither writing nor answer."""


async def once(service: Service, entry: Access, attempt: Attempt | None, work: Work) -> Written:
    """Do the work in one transaction, or return what the same attempt was answered first; committed either way.

    Without an attempt the work is done each time. Raises InFlight while another sending is at work and KeyReused for
    the key of another request.
    """
    async with entry.writing() as connection:
        if attempt is None:
            return await work(connection)
        written = await _answer(service, entry.who, attempt, work, connection)
        if written.replayed:
            entry.repeats()
            entry.concerns(episode_id=written.episode_id, related=(written.plan_id,))
        return written


async def _answer(service: Service, who: Requester, attempt: Attempt, work: Work, connection: Connection) -> Written:
    # The turn is a statement of its own: only the next one sees what the turn before this one has committed.
    if not await take_turn(connection, who.tenant, attempt):
        raise InFlight
    now = service.clock()
    first = await find_first(connection, who.tenant, attempt, now)
    if first is not None:
        return _again(attempt, first)
    done = await work(connection)
    if not await keep_first(connection, who.tenant, NewAnswer(attempt, done, now, now + service.keys_last)):
        raise InFlight
    await sweep(connection, who.tenant, now)
    return done


def _again(attempt: Attempt, first: FirstAnswer) -> Written:
    if first.digest != attempt.digest:
        raise KeyReused
    return first.written
