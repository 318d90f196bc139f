"""The operations of the contract, and a request that each of them accepts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its id, where it is, and what the contract says of it."""

    id: str
    method: str
    path: str
    said: dict[str, Any]

    def arguments(self, version: str) -> dict[str, Any]:
        """Return a body that the operation accepts, as its first example shows it, and a version mark."""
        headers = {"If-Match": version}
        if "requestBody" not in self.said:
            return {"headers": headers}
        (media_type, content), *_ = self.said["requestBody"]["content"].items()
        shown = next(iter(content["examples"].values()))["value"]
        return {"content": json.dumps(shown), "headers": headers | {"Content-Type": media_type}}


def operations(app: FastAPI) -> Iterator[Operation]:
    """Yield every operation of the service's contract."""
    for path, methods in json.loads(app.state.contract)["paths"].items():
        for method, said in methods.items():
            yield Operation(said["operationId"], method, path, said)
