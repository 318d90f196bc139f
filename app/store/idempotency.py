"""The first answer to each key: kept in the transaction that wrote what it says, found when the key comes again."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import BigInteger, bindparam, delete, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.parameters import parameter
from app.store.rows import Attempt, FirstAnswer, NewAnswer, Written
from app.store.tables import idempotency_keys as keys

_MOST_SWEPT = 10
"""More than one write adds, so that a backlog shrinks; few enough that no caller waits for it."""

_TAKE = select(func.pg_try_advisory_xact_lock(bindparam("turn", type_=BigInteger)))
_FIND = select(keys.c.digest, keys.c.episode_id, keys.c.plan_id, keys.c.etag, keys.c.body).where(
    keys.c.tenant_id == bindparam("tenant_id"),
    keys.c.route == bindparam("route"),
    keys.c.key == bindparam("key"),
    keys.c.expires_at > bindparam("now"),
)
_NEW = insert(keys).values({column.name: parameter(keys, column.name) for column in keys.c})
_KEEP = _NEW.on_conflict_do_update(
    constraint=keys.primary_key,
    set_={column.name: _NEW.excluded[column.name] for column in keys.c if not column.primary_key},
    where=keys.c.expires_at <= _NEW.excluded.created_at,
).returning(literal(1))
_EXPIRED = (
    select(keys.c.route, keys.c.key)
    .where(keys.c.tenant_id == bindparam("tenant_id"), keys.c.expires_at <= bindparam("now"))
    .order_by(keys.c.expires_at)
    .limit(_MOST_SWEPT)
    .with_for_update(skip_locked=True)
    # Chosen once: as a plain part of the statement it may be asked again for each row, and then more than these go.
    .cte("expired")
    .prefix_with("MATERIALIZED")
)
_SWEEP = delete(keys).where(
    keys.c.tenant_id == bindparam("tenant_id"),
    tuple_(keys.c.route, keys.c.key).in_(select(_EXPIRED.c.route, _EXPIRED.c.key)),
)


async def take_turn(connection: AsyncConnection, tenant: str, attempt: Attempt) -> bool:
    """Return whether this transaction may answer the key; until it ends, every other one is told that it may not.

    A turn is a number of 64 bits: two keys that should share one are taken for one key while both are answered.
    """
    name = f"{tenant}\n{attempt.route}\n{attempt.key}".encode()
    turn = int.from_bytes(sha256(name).digest()[:8], signed=True)
    return bool((await connection.execute(_TAKE, {"turn": turn})).scalar_one())


async def find_first(connection: AsyncConnection, tenant: str, attempt: Attempt, now: datetime) -> FirstAnswer | None:
    """Return what the key was answered first, unless it was never answered or has expired."""
    values = {"tenant_id": tenant, "route": attempt.route, "key": attempt.key, "now": now}
    row = (await connection.execute(_FIND, values)).one_or_none()
    if row is None:
        return None
    return FirstAnswer(row.digest, Written(row.episode_id, row.plan_id, row.etag, row.body, replayed=True))


async def keep_first(connection: AsyncConnection, tenant: str, new: NewAnswer) -> bool:
    """Keep the answer to a key; return False where another transaction has answered it in the meantime."""
    written = new.written
    values = {
        "tenant_id": tenant,
        "idempotency_keys_route": new.attempt.route,
        "idempotency_keys_key": new.attempt.key,
        "idempotency_keys_digest": new.attempt.digest,
        "idempotency_keys_episode_id": written.episode_id,
        "idempotency_keys_plan_id": written.plan_id,
        "idempotency_keys_etag": written.etag,
        "idempotency_keys_body": written.body,
        "idempotency_keys_created_at": new.created_at,
        "idempotency_keys_expires_at": new.expires_at,
    }
    return (await connection.execute(_KEEP, values)).one_or_none() is not None


async def sweep(connection: AsyncConnection, tenant: str, now: datetime) -> None:
    """Delete some expired answers of the tenant. Do it last: who waits for one of them waits for the commit alone."""
    await connection.execute(_SWEEP, {"tenant_id": tenant, "now": now})
