"""The name under which a use case passes a lent connection on, without knowing what speaks through it."""

from sqlalchemy.ext.asyncio import AsyncConnection

Connection = AsyncConnection
