"""Trying mutants on the tests: each in a fork of this process, on the tests that run the changed line, until one fails.

The fork spares the start: modules are imported and tests collected once. Most mutants fall to a test that
felled a neighbour, to one that is named after their file or rule, to a golden plan or to a test that looks closely at
few lines: a first round tries those, a second round the
rest of the tests. `told` hears the outcome after each round.
"""

import gc
import os
import signal
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain, groupby
from operator import attrgetter
from typing import cast

import pytest

from tests.mutation.mutant import Mutant
from tests.mutation.reach import Reach, listener
from tests.mutation.transplant import Host, UntransplantableError

KILLED, SURVIVED, UNTRIED = "killed", "survived", "untried"
# A mutant that keeps one test busy for so many seconds of this process's own time has been noticed.
_PATIENCE_SECONDS = 60
_CLOSEST = 30
_RECENT = 12
_UNTRANSPLANTABLE, _UNIMPORTABLE = -2, -1


class Trial:
    """A pytest plugin: runs every collected test once without a mutant, then the mutants. `told` hears each outcome."""

    def __init__(
        self,
        mutants: Iterable[Mutant],
        told: Callable[[Mutant, str], None],
        workers: int = 1,
        explained: Iterable[str] = (),
    ) -> None:
        self._mutants = tuple(mutants)
        self._told = told
        self._workers = workers
        self._explained = frozenset(explained)
        self._children: list[int] = []
        self.sound = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of pytest's own loop over the tests."""
        host = Host()
        reach = _explore(session.items, host)
        self.sound = reach is not None
        if reach is not None:
            # What lives now lives on: no worker needs to look through it for garbage.
            gc.collect()
            gc.freeze()
            for share in _shares(self._mutants, self._workers):
                worker = Worker(session.items, reach, host, self._explained)
                self._children.append(_fork(partial(worker.work, share, self._told)))
            self.sound = all(os.waitpid(child, 0)[1] == 0 for child in self._children)
        return True


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    work()
    os._exit(0)


def _shares(mutants: Iterable[Mutant], workers: int) -> list[list[Mutant]]:
    """Return the share of each worker: whole files, because what felled one mutant often fells its neighbour."""
    files = [tuple(group) for _, group in groupby(mutants, key=attrgetter("file"))]
    return [[*chain.from_iterable(files[number::workers])] for number in range(workers)]


def _explore(items: list[pytest.Item], host: Host) -> Reach | None:
    """Run every test once and note what it reaches; None when one fails without any mutant."""
    heard = listener()
    heard.start()
    try:
        for number, item in enumerate(items):
            host.forget()
            heard.switch_context(str(number))
            if not _passes(item):
                return None
    finally:
        heard.stop()
    return Reach(heard.get_data(), len(items))


class Worker:
    """Tries its share of the mutants, one after the other."""

    def __init__(self, items: list[pytest.Item], reach: Reach, host: Host, explained: frozenset[str]) -> None:
        self._items, self._reach, self._host, self._explained = items, reach, host, explained
        self._felled: dict[str, deque[int]] = defaultdict(lambda: deque(maxlen=_RECENT))

    def work(self, share: Iterable[Mutant], told: Callable[[Mutant, str], None]) -> None:
        """Try the mutants on the likely tests, then those that live on, and are not explained, on the others."""
        left = []
        for mutant in share:
            likely, others = self._sorted(mutant)
            outcome = self._try(mutant, likely)
            told(mutant, outcome)
            if outcome == SURVIVED and others and self._may_fall(mutant):
                left.append((mutant, others))
        for mutant, others in left:
            told(mutant, self._try(mutant, others))

    def _may_fall(self, mutant: Mutant) -> bool:
        """Whether more tests may tell more: of a constant others are made, and only a new import makes them anew."""
        return mutant.change.owner is not None and mutant.name not in self._explained

    def _sorted(self, mutant: Mutant) -> tuple[list[int], list[int]]:
        chosen = self._reach.choose(mutant)
        own = [number for number in chosen if any(name in self._items[number].nodeid for name in mutant.named_in_tests)]
        recent = [number for number in self._felled[mutant.file] if number in chosen]
        whole = [number for number in chosen if "golden" in self._items[number].nodeid]
        likely = dict.fromkeys([*recent, *own, *whole, *chosen[:_CLOSEST]])
        return [*likely], [number for number in chosen if number not in likely]

    def _try(self, mutant: Mutant, numbers: list[int]) -> str:
        heard, said = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(said, str(self._suffer(mutant, numbers)).encode())
            os._exit(0)
        os.close(said)
        with os.fdopen(heard) as answer:
            word = answer.read()
        os.waitpid(child, 0)
        if word == str(_UNTRANSPLANTABLE):
            return UNTRIED
        if word.isdecimal():
            self._felled[mutant.file].appendleft(int(word))
        return SURVIVED if word == "None" else KILLED

    def _suffer(self, mutant: Mutant, numbers: list[int]) -> int | None:
        """Run tests with the mutant in this process; return the one that failed."""
        try:
            _be_patient()
            self._host.receive(mutant)
        except UntransplantableError:
            return _UNTRANSPLANTABLE
        except Exception:  # noqa: BLE001 - a module that cannot be imported any more is noticed by every test
            return _UNIMPORTABLE
        return next((number for number in numbers if not self._bears(number)), None)

    def _bears(self, number: int) -> bool:
        _be_patient()
        return _passes(self._items[number])


def _be_patient() -> None:
    """Let the process end by itself when what comes next keeps it busy for too long; waiting does not count."""
    signal.setitimer(signal.ITIMER_VIRTUAL, _PATIENCE_SECONDS)


class _AnyTest:
    """What follows a test here: some other one of the session. Only what the session set up stays."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session

    def listchain(self) -> list[pytest.Session]:
        """Return the collectors that are still needed."""
        return [self._session]


def _passes(item: pytest.Item) -> bool:
    """Run one test without pytest's report of it: how a test fails is of no interest, and costs more than the test."""
    stack = item.session._setupstate
    item._initrequest()  # type: ignore[attr-defined]
    try:
        stack.setup(item)
        item.runtest()
    except pytest.skip.Exception:
        return True
    except (Exception, pytest.fail.Exception):  # noqa: BLE001 - whatever a mutant breaks
        return False
    finally:
        stack.teardown_exact(cast("pytest.Item", _AnyTest(item.session)))
    return True
