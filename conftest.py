"""Fixtures that tests of every room use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A shared machine stalls now and then: how long one example takes says nothing about the code.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A test that asks for a language asks for itself only."""
    before = os.environ.get("ZHIHENG_LANG")
    yield
    os.environ.pop("ZHIHENG_LANG", None)
    if before is not None:
        os.environ["ZHIHENG_LANG"] = before


@pytest.fixture(scope="session")
def shared() -> Callable[..., Path]:
    """Finds a file of the outside test data; skips the test where it is absent.

    The data lies in the folder that ZHIHENG_SHARED names, or in `shared` beside the checkout.
    """
    beside = Path(__file__).resolve().parent.parent / "shared"
    root = Path(os.environ.get("ZHIHENG_SHARED", beside))

    def find(*parts: str) -> Path:
        path = root.joinpath("data", *parts)
        if not path.exists():
            pytest.skip(f"outside test data absent: data/{'/'.join(parts)}")
        return path

    return find
