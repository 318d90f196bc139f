"""`python -m bench` measures and writes RESULTS.md beside this file; `--quick` runs one short round to try it out."""

import argparse
import json
from pathlib import Path

from app.api.contract import example
from app.clinical.episode import Episode
from app.knowledge.load import load_knowledge
from bench import engine, report, service
from bench.rounds import Plan

HERE = Path(__file__).resolve().parent
QUICK = Plan(rounds=1, seconds=0.5, warm_up_seconds=0.2)


def main() -> None:
    """Measure the engine, then the service; print the page and keep it unless the run was a quick one."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    plan, body = QUICK if quick else Plan(), json.dumps(example("typical")).encode()
    print("Measuring the decision alone", flush=True)
    alone = engine.measure(Episode.model_validate_json(body), load_knowledge())
    print("Measuring the service against the bare app", flush=True)
    page = report.page(alone, service.compare(body, plan), plan)
    print(page)
    if not quick:
        (HERE / "RESULTS.md").write_text(page)


if __name__ == "__main__":
    main()
