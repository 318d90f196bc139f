"""What reaches the log, and above all what does not."""

import json
import logging
from typing import Any

import pytest
import structlog

from app.log import configure_log

pytestmark = pytest.mark.usefixtures("log_as_before")


def written(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (line,) = capsys.readouterr().err.splitlines()
    event: dict[str, Any] = json.loads(line)
    return event


def fail(text: str) -> None:
    raise ValueError(text)


def test_an_event_is_one_json_object_with_time_level_and_logger(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("info")
    structlog.stdlib.get_logger("app.test").info("stored", episode_id="e1")
    event = written(capsys)
    assert event.pop("timestamp").endswith("Z")
    assert event == {"event": "stored", "level": "info", "logger": "app.test", "episode_id": "e1"}


def test_a_field_that_is_not_on_the_list_is_withheld_and_only_named(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("info")
    structlog.stdlib.get_logger("app.test").info("stored", patient_reference="secret", weight_kg=80)
    event = written(capsys)
    assert event["withheld"] == ["patient_reference", "weight_kg"]
    assert "secret" not in json.dumps(event)


def test_an_exception_is_its_type_and_place_without_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("info")
    try:
        fail("weight of Jane Doe")
    except ValueError:
        structlog.stdlib.get_logger("app.test").exception("unforeseen_error")
    event = written(capsys)
    assert event["error"] == "ValueError"
    assert event["place"].endswith(" fail")
    assert "Jane" not in json.dumps(event)


def test_an_exception_that_a_library_logs_is_treated_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("info")
    try:
        fail("weight of Jane Doe")
    except ValueError:
        logging.getLogger("library").exception("Exception in application\nJane Doe")
    event = written(capsys)
    assert event["event"] == "Exception in application"
    assert event["error"] == "ValueError"
    assert "Jane" not in json.dumps(event)


def test_an_exception_noted_outside_its_handler_is_not_invented(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("info")
    structlog.stdlib.get_logger("app.test").error("stopped", exc_info=True)
    event = written(capsys)
    assert event["error"] is None
    assert event["place"] is None


def test_an_event_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("warning")
    structlog.stdlib.get_logger("app.test").info("stored")
    assert capsys.readouterr().err == ""


def test_ids_bound_to_a_request_are_on_every_event_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("info")
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        structlog.stdlib.get_logger("app.test").info("stored")
    assert written(capsys)["request_id"] == "r1"
