"""The command line: `python -m app --help`."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError

from app.commands import audit, demo, migrate, openapi, replay, serve, token, trace
from app.errors import StartError
from app.main import require_startable
from app.settings import Settings

_Command = Callable[[Settings, argparse.Namespace], int]
_USAGE_FAULT = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    command: _Command = options.command
    try:
        return command(require_startable(Settings()), options)
    except ValidationError as fault:
        print(_wrong_settings(fault), file=sys.stderr)
    except StartError as fault:
        print(fault, file=sys.stderr)
    return _USAGE_FAULT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app", description="Settings come from the environment.")
    commands = parser.add_subparsers(title="commands", required=True)
    _add(commands, "serve", "serve requests until stopped", serve.run)
    shown = _add(commands, "demo", "serve, post an example episode, show the plan, go on serving", demo.run)
    shown.add_argument("--once", action="store_true", help="stop after the plan (also ONCE=1)")
    written = _add(commands, "openapi", "write the contract to openapi/openapi.yaml", openapi.run)
    written.add_argument("--check", action="store_true", help="only compare; exit 1 when it differs")
    traced = _add(commands, "trace", "print statement, rule and case, and every broken link", trace.run)
    traced.add_argument("--write", action="store_true", help="write the committed matrix, docs/trace.md")
    traced.add_argument("--check", action="store_true", help="exit 1 on a broken link or an outdated matrix")
    _add_audit(_add(commands, "audit", "seal the audit log or check it against its seals", audit.verify))
    _add(commands, "token", "print a token of the development issuer", token.run)
    _add(commands, "migrate", "bring the database to the newest migration", migrate.run)
    _add_replay(commands)
    return parser


def _add_replay(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "decide kept plans once more and compare; exit 0 identical, 1 different, 2 failed"
    parser = _add(commands, "replay", text, replay.run)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("plan_id", nargs="?", type=UUID, metavar="PLAN_ID", help="this plan, whoever's it is")
    which.add_argument("--all", action="store_true", help="every kept plan")
    parser.add_argument("--tenant", help="only plans of this tenant")
    parser.add_argument(
        "--knowledge", metavar="VERSION_OR_FOLDER", help="with this knowledge; default what each plan was made with"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the report there")


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str, run: _Command
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=run)
    return parser


def _add_audit(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(title="steps", required=True)
    _add(steps, "seal", "seal what is recorded so far; a running service does it by itself", audit.seal)
    checked = _add(
        steps, "verify", "check every event and seal; exit 1 naming the first that does not fit", audit.verify
    )
    checked.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="TENANT=NUMBER:DIGEST",
        help="a head that was printed or logged earlier and has to be in the chain (may be repeated)",
    )


def _wrong_settings(fault: ValidationError) -> str:
    """Name each variable and what it should be, never its value: it may be a password."""
    lines = [f"{'.'.join(map(str, one['loc'])).upper() or 'Settings'}: {one['msg']}" for one in fault.errors()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
