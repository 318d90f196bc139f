"""What the doors find at hand in the application: typed, because the framework's own state is not."""

from fastapi import FastAPI, Request

from app.api.tokens import Caller
from app.settings import Settings
from app.stopping import Stopping
from app.store.rows import Requester
from app.usecases.service import Service


def service_of(request: Request) -> Service:
    """Return the running service."""
    service: Service = request.app.state.service
    return service


def settings_of(request: Request) -> Settings:
    """Return the settings of this copy of the service."""
    settings: Settings = request.app.state.settings
    return settings


def stopping_of(request: Request) -> Stopping:
    """Return whether this process was told to stop."""
    stopping: Stopping = request.app.state.stopping
    return stopping


def requester_of(request: Request, caller: Caller) -> Requester:
    """Return on whose behalf the request is answered."""
    return Requester(caller.tenant, caller.subject, request.state.request_id, caller.client)


def put_at_hand(app: FastAPI, service: Service, settings: Settings) -> None:
    """Make both available to every request."""
    app.state.service = service
    app.state.settings = settings
