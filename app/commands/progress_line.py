"""How far a long command is, on one line of a terminal; nothing anywhere else."""

import time
from typing import Self, TextIO

_PAUSE_SECONDS = 0.1
_ERASE = "\r\x1b[K"


class ProgressLine:
    """Tells how many of `total` are done. Use it as a context: the line is gone afterwards."""

    def __init__(self, what: str, total: int, stream: TextIO) -> None:
        self._what, self._total, self._stream = what, total, stream
        self._shown = stream.isatty()
        self._done, self._next = 0, 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._write(_ERASE)

    def advance(self, note: str = "") -> None:
        """Count one more as done; `note` is what else to tell. The line is written a few times a second."""
        self._done += 1
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _PAUSE_SECONDS
            share = f"{self._done * 100 // max(self._total, self._done)} %"
            self._write(f"{_ERASE}{self._what} {self._done:,} of {self._total:,} ({share}){note}")

    def _write(self, text: str) -> None:
        if self._shown:
            self._stream.write(text)
            self._stream.flush()
