import re
import subprocess
import sys
from pathlib import Path

from tests.house.repository import ROOT

FILE = "app/rules/plan/three_valued.py"


def tried(outcomes: Path, *tests: str) -> tuple[int, str]:
    command = (sys.executable, "-m", "tests.mutation", FILE, "--outcomes", str(outcomes), "--tests", *tests)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_tests_that_look_at_every_answer_fell_every_mutant(tmp_path: Path) -> None:
    code, said = tried(tmp_path / "outcomes.jsonl", "tests/rules/plan/test_three_valued.py")
    counted = re.search(r"^(\d+) mutants, (\d+) killed, 0 survive unexplained$", said, re.MULTILINE)
    assert counted
    assert counted[1] == counted[2]
    assert code == 0
    assert len((tmp_path / "outcomes.jsonl").read_text("utf-8").splitlines()) == int(counted[1])
