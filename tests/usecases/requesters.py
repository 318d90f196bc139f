"""Callers of two tenants."""

from app.store.rows import Requester

NORTH = Requester("north", "nurse", "request-north")
SOUTH = Requester("south", "doctor", "request-south")
