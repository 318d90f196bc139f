"""Ask the advisory feed about every package of a lock: `python -m tests.house.advisories [LOCK] [FEED]`.

No network is no fault of a change: the check is then skipped with one line, after seconds and never after minutes.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.house.repository import ROOT

FEED = "https://api.osv.dev/v1/query"
_SOCKET_SECONDS = "5"
_LIMIT_SECONDS = 20
_AUDIT = (
    str(Path(sys.executable).with_name("pip-audit")),
    *("--vulnerability-service", "osv", "--format", "json", "--progress-spinner", "off", "--timeout", _SOCKET_SECONDS),
    *("--disable-pip", "--require-hashes"),  # the lock is complete: nothing is resolved and nothing installed
)
Report = dict[str, Any]


def main(lock: str = "requirements.lock", feed: str = FEED) -> int:
    """Print the verdict and return 1 when a package is known to be vulnerable."""
    fine, verdict = judge(ask(ROOT / lock, feed))
    print(verdict)
    return int(not fine)


def ask(lock: Path, feed: str) -> Report | None:
    """Return what the auditor found, or nothing when the feed did not answer in time."""
    command = (*_AUDIT, "--osv-url", feed, "--requirement", str(lock))
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LIMIT_SECONDS).stdout
    except subprocess.TimeoutExpired:
        return None
    report: Report | None = json.loads(found) if found.startswith("{") else None
    return report


def judge(report: Report | None) -> tuple[bool, str]:
    """Return whether the packages may stay, and why; a package the feed said nothing about counts as not asked."""
    packages = [] if report is None else report["dependencies"]
    told = [package for package in packages if "vulns" in package]
    vulnerable = [_line(package, fault) for package in told for fault in package["vulns"]]
    if vulnerable:
        return False, "\n".join(vulnerable)
    if not told:
        return True, "SKIPPED: known vulnerabilities; the advisory feed is out of reach"
    unasked = sorted(package["name"] for package in packages if "vulns" not in package)
    rest = f"; nothing was learnt about {', '.join(unasked)}" if unasked else ""
    return True, f"{len(told)} packages without a known vulnerability{rest}"


def _line(package: Report, fault: Report) -> str:
    fixed = ", ".join(fault["fix_versions"]) or "no version"
    return f"{package['name']} {package['version']}: {fault['id']}, fixed in {fixed}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
