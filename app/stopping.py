"""Being told to stop: the process says so to whoever asks if it is ready, a while before it stops listening."""

import asyncio
import signal
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType

_Handler = Callable[[int, FrameType | None], object]


class Stopping:
    """Whether this process was told to stop, and how long it goes on listening after that, in seconds."""

    def __init__(self, delay_seconds: float) -> None:
        self.told = False
        self._delay_seconds = delay_seconds

    def watch(self) -> None:
        """Hear the signal before the server does. Only a process's main thread can; elsewhere nothing changes."""
        stop = signal.getsignal(signal.SIGTERM)
        if callable(stop) and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, partial(self._hear, asyncio.get_running_loop(), stop))

    def _hear(self, loop: asyncio.AbstractEventLoop, stop: _Handler, number: int, frame: FrameType | None) -> None:
        """A second signal is one too many to wait on."""
        delay = 0 if self.told else self._delay_seconds
        self.told = True
        if delay:
            loop.call_soon_threadsafe(loop.call_later, delay, stop, number, frame)
        else:
            stop(number, frame)
