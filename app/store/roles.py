"""The database roles the service works as; the migrations make both."""

SERVICE_ROLE = "rebound_service"
"""Reads and writes the rows of the tenant a session was told."""

STEWARD_ROLE = "rebound_steward"
"""Reads the names of the tenants and nothing else; a session takes it for one statement."""
