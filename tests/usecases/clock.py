"""A service whose present is set by the test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.usecases.service import Service

NOON = datetime(2026, 3, 10, 12, 30, 15, 123456, tzinfo=UTC)


def at(service: Service, instant: datetime) -> Service:
    """Return the service as it would work at that instant."""
    return replace(service, clock=lambda: instant)


def days_later(service: Service, days: int) -> Service:
    """Return the service as it would work that many days after noon of the builders' day."""
    return at(service, NOON + timedelta(days=days))
