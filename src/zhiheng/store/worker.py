"""Processes that work for another one end with it, also where it is killed, and without a word."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from multiprocessing.util import Finalize


def end_with_parent() -> None:
    """To be called first in a process that multiprocessing started: ends it when its parent does.

    A pool's processes otherwise wait for ever for work that nobody hands them any more, and keep
    their memory. Ended in good order, too, the process is not taken apart: the engine's connection,
    still held then, would fill the user's screen with lines on leaked instances.
    """
    Finalize(None, _end, exitpriority=-100)  # after everything that tidies up
    threading.Thread(target=_watch, name="end with parent", daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _end() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
