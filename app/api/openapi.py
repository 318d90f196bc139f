"""The contract as OpenAPI 3.1: FastAPI describes the routes, the models describe the bodies, this joins the two."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

import yaml
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.api.contract import EXAMPLE_REFERENCE, example
from app.api.health import Alive, Ready
from app.api.metrics import MetricsText
from app.api.problem_kinds import KINDS
from app.api.problems import Problem
from app.api.root import Links, ProblemExplained
from app.api.v1 import knowledge_models
from app.clinical.audit import AuditEventPage
from app.clinical.critique import Critique, CritiqueRequest
from app.clinical.episode import Episode, EpisodePatch
from app.clinical.plan import Plan
from app.clinical.progress import AssessmentRequest, DecisionRequest
from app.clinical.replay import Replay
from app.clinical.resource import (
    AssessmentCreated,
    AssessmentPage,
    DecisionMade,
    DecisionPage,
    EpisodeCreated,
    EpisodePage,
    EpisodeUpdated,
    PlanPage,
)
from app.clinical.taper import Taper, TaperRequest
from app.clinical.worklist import DueItemPage

_REQUESTS: tuple[type[BaseModel], ...] = (
    Episode,
    EpisodePatch,
    AssessmentRequest,
    DecisionRequest,
    TaperRequest,
    CritiqueRequest,
)
_ANSWERS: tuple[type[BaseModel], ...] = (
    EpisodeCreated,
    EpisodeUpdated,
    EpisodePage,
    PlanPage,
    Plan,
    Replay,
    AssessmentCreated,
    AssessmentPage,
    DecisionMade,
    DecisionPage,
    DueItemPage,
    Taper,
    Critique,
    AuditEventPage,
    knowledge_models.KnowledgeSummary,
    knowledge_models.StatementList,
    knowledge_models.ReferenceList,
    knowledge_models.ConflictList,
    knowledge_models.DrugList,
    knowledge_models.ConditionList,
    knowledge_models.AnalyteList,
    Links,
    ProblemExplained,
    Alive,
    Ready,
    MetricsText,
    Problem,
)
_AS_SENT = {"EpisodeResource"}
"""Answers whose absent properties stay absent: an episode is kept the way it came."""

_WHOLE_ANSWERS = {"answer_recommendation", "answer_taper", "answer_critique"}
"""Answers shown from the first to the last entry; the others repeat their shapes."""

_TAGS = [
    {"name": "Start here", "description": "Find the addresses, and what a problem means."},
    {"name": "Episodes", "description": "Store a patient episode with its plan, and read it again."},
    {"name": "Plans", "description": "What was decided, revision by revision."},
    {"name": "Course of treatment", "description": "New results, decisions, and what they make of the plan."},
    {"name": "Worklist", "description": "What is due across episodes."},
    {"name": "Recommendations", "description": "The same decision with nothing stored."},
    {"name": "Tapers", "description": "Schedules and tablets without an episode."},
    {"name": "Critiques", "description": "Check a proposed regimen, order or taper. Silence is no approval."},
    {"name": "Audit", "description": "Who did what to whose data. Ids only."},
    {"name": "Knowledge", "description": "What the service knows and on what it rests."},
    {"name": "Operations", "description": "For the platform that runs the service."},
]
_FASTAPI_FAULT = "HTTPValidationError"
_REFERENCE = "#/components/schemas/"


def build_openapi(app: FastAPI) -> dict[str, Any]:
    """Return the contract of `app`: the same document for the same code."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=files("app.api").joinpath("pages/contract.md").read_text(encoding="utf-8"),
        routes=app.routes,
        tags=_TAGS,
        servers=[{"url": "/", "description": "The service that answered this document"}],
    )
    _drop_foreign_refusals(document)
    document["components"]["schemas"] = _schemas()
    document["components"]["examples"] = _examples(document)
    return document


def render_openapi_yaml(app: FastAPI) -> str:
    """Return the contract as YAML, the form of the committed copy."""
    return yaml.dump(
        build_openapi(app), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=2**16, default_flow_style=False
    )


def _drop_foreign_refusals(document: dict[str, Any]) -> None:
    """Remove the validation answer that FastAPI adds: a path that holds no id answers 404 here."""
    operations = (operation for path in document["paths"].values() for operation in path.values())
    for operation in operations:
        answers = operation["responses"]
        if _FASTAPI_FAULT in _names(answers.get("422"), _REFERENCE):
            del answers["422"]


def _schemas() -> dict[str, Any]:
    """Describe every model once, as requests see it; then say what holds for answers alone."""
    models = [(model, "validation") for model in (*_REQUESTS, *_ANSWERS)]
    _, whole = models_json_schema(models, ref_template=_REFERENCE + "{model}")  # type: ignore[arg-type]
    schemas: dict[str, Any] = whole["$defs"]
    for name in schemas.keys() - _reachable(schemas, (model.__name__ for model in _REQUESTS)):
        _loosen(name, schemas[name])
    return dict(sorted(schemas.items()))


def _loosen(name: str, schema: dict[str, Any]) -> None:
    """Let answers grow, and promise that every property is there."""
    schema.pop("additionalProperties", None)
    if name not in _AS_SENT and "properties" in schema:
        schema["required"] = list(schema["properties"])


def _reachable(schemas: dict[str, Any], names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= set(_names(schemas[name], _REFERENCE)) - found
    return found


def _names(node: Any, prefix: str) -> Iterator[str]:
    """Yield the names of all components that `node` refers to under `prefix`."""
    if isinstance(node, dict):
        target = node.get("$ref", "")
        if isinstance(target, str) and target.startswith(prefix):
            yield target.removeprefix(prefix)
        node = list(node.values())
    for child in node if isinstance(node, list) else ():
        yield from _names(child, prefix)


def _examples(document: dict[str, Any]) -> dict[str, Any]:
    names = sorted(set(_names(document["paths"], EXAMPLE_REFERENCE)))
    return {name: {"summary": _summary(name), "value": example(name)} for name in names}


def _summary(name: str) -> str:
    if name in KINDS:
        return KINDS[name].title
    return "A whole answer" if name in _WHOLE_ANSWERS else "Lists are cut to their first entries"


class _Dumper(yaml.SafeDumper):
    """Block style with indented lists, literal text for paragraphs, no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Indent lists below their key, as the YAML linter asks."""
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Write shared parts out each time: readers of a contract do not chase anchors."""
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)
