"""Reads the part of YAML that cannot surprise a reviewer.

Refused are floats (a dose is a quoted decimal), tags, anchors, aliases and keys given twice. Days stay text, and
only `true` and `false` are truth values. Reading goes on after a fault, so that one run names them all.
"""

import re
from typing import Any, cast

import yaml
from yaml.error import Mark

from app.knowledge.faults import Fault

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=e))(e[-+]?[0-9]+)?|[-+]?\.(inf|nan)", re.IGNORECASE)
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


class StrictReader:
    """Reads one file. `rows` holds what it says and `faults` what has to be mended in it."""

    def __init__(self, file: str, content: bytes) -> None:
        self.faults: list[Fault] = []
        self.rows: dict[str, Any] = {}
        self._file = file
        self._row = ""
        self._events = yaml.parse(content, Loader=yaml.CSafeLoader)
        try:
            self._document()
        except yaml.YAMLError as error:
            self._fault(f"is not YAML: {' '.join(str(error).split())}")

    def _document(self) -> None:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            return
        event = next(self._events)
        if not isinstance(event, yaml.MappingStartEvent):
            self._fault("does not hold rows by id")
            return
        self._no_extras(event)
        self._fill(self.rows, top=True)
        self._row = ""
        next(self._events)
        if not isinstance(next(self._events), yaml.StreamEndEvent):
            self._fault("holds more than one document")

    def _fill(self, mapping: dict[str, Any], *, top: bool = False) -> dict[str, Any]:
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event)
            if top:
                self._row = key
            if key in mapping:
                self._fault(f"{_line(event)}: {key!r} is given twice")
            mapping[key] = self._value(next(self._events))
        return mapping

    def _key(self, event: yaml.Event) -> str:
        self._no_extras(event)
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        self._fault(f"{_line(event)}: a key must be one word")
        return str(self._value(event))

    def _value(self, event: yaml.Event) -> Any:
        self._no_extras(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence()
        if isinstance(event, yaml.MappingStartEvent):
            return self._fill({})
        self._fault(f"{_line(event)}: aliases are not allowed; write the value out")
        return None

    def _sequence(self) -> list[Any]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event))
        return items

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        text = str(event.value)
        if not event.implicit[0]:  # quoted or a block: text, whatever it looks like
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _FLOAT.fullmatch(text):
            self._fault(f"{_line(event)}: {text} is a float; write the decimal in quotes")
            return text
        return int(text) if _WHOLE.fullmatch(text) else text

    def _no_extras(self, event: yaml.Event) -> None:
        if not isinstance(event, yaml.AliasEvent) and getattr(event, "anchor", None) is not None:
            self._fault(f"{_line(event)}: anchors are not allowed")
        if getattr(event, "tag", None) is not None:
            self._fault(f"{_line(event)}: tags are not allowed")

    def _fault(self, message: str) -> None:
        self.faults.append(Fault(self._file, self._row, message))


def _line(event: yaml.Event) -> str:
    return f"line {cast('Mark', event.start_mark).line + 1}"
