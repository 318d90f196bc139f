"""What a process counts about itself, for Prometheus. Labels are few and fixed: never an id, never what was sent.

The decision is counted by whoever calls the core, never in it.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

REGISTRY = CollectorRegistry()
"""This process alone; every process of a replica has its own."""

UNMATCHED = "unmatched"
"""The route of a request to an address that there is not: the address itself could hold anything."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
_OTHER_METHOD = "other"
_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)
_DECISION_SECONDS = (0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1)

requests = Counter(
    "rebound_requests", "Requests answered, by template of the route.", ("route", "method", "status"), registry=REGISTRY
)
request_seconds = Histogram(
    "rebound_request_seconds",
    "Time from a request's head to the end of its answer.",
    ("route", "method"),
    buckets=_REQUEST_SECONDS,
    registry=REGISTRY,
)
requests_in_flight = Gauge("rebound_requests_in_flight", "Requests being answered now.", registry=REGISTRY)
problems = Counter(
    "rebound_problems",
    "Problems answered, by code: RATE_LIMITED and SATURATED among them.",
    ("code",),
    registry=REGISTRY,
)
decision_seconds = Histogram(
    "rebound_decision_seconds", "Time to decide on an episode.", buckets=_DECISION_SECONDS, registry=REGISTRY
)
plans = Counter("rebound_plans", "Plans decided, kept or not, by disposition.", ("disposition",), registry=REGISTRY)
alerts = Counter("rebound_alerts", "Alerts in the plans decided, by code.", ("code",), registry=REGISTRY)
pool_size = Gauge("rebound_pool_connections", "Database connections there are for requests.", registry=REGISTRY)
pool_taken = Gauge("rebound_pool_connections_taken", "Database connections in use.", registry=REGISTRY)
pool_waiting = Gauge("rebound_pool_requests_waiting", "Requests that wait for a connection.", registry=REGISTRY)
build = Gauge("rebound_build", "Always 1; its labels say what runs here.", ("version", "knowledge"), registry=REGISTRY)
ProcessCollector(namespace="rebound", registry=REGISTRY)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request; a method that nobody uses is one of the others."""
    known = method if method in _METHODS else _OTHER_METHOD
    requests.labels(route, known, status).inc()
    request_seconds.labels(route, known).observe(seconds)


def render() -> bytes:
    """Return everything counted so far in the Prometheus text format, version 0.0.4."""
    return generate_latest(REGISTRY)
