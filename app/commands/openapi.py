"""The committed copy of the contract, written from the code."""

import argparse
import sys
from pathlib import Path

from app.api.openapi import render_openapi_yaml
from app.main import create_app
from app.settings import Settings

PATH = Path("openapi/openapi.yaml")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Write the contract; with `check` only tell whether the committed copy is current."""
    contract = render_openapi_yaml(create_app(settings))
    if options.check:
        return _compare(contract)
    PATH.write_text(contract, encoding="utf-8")
    print(f"{PATH} is written.")
    return 0


def _compare(contract: str) -> int:
    if PATH.exists() and PATH.read_text(encoding="utf-8") == contract:
        print(f"{PATH} is current.")
        return 0
    print(f"{PATH} differs from the code: run `python -m app openapi` and read the difference.", file=sys.stderr)
    return 1
