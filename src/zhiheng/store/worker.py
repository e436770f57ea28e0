"""Processes that work for another one end with it, also where it is killed."""

from __future__ import annotations

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """To be called first in a process that multiprocessing started: ends it when its parent does.

    A pool's processes otherwise wait for ever for work that nobody hands them any more, and keep
    their memory.
    """
    threading.Thread(target=_watch, name="end with parent", daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
