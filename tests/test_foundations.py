"""The lock files, the scripts and the documents fit the project they stand in."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))


def declared(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [*project["dependencies"]]
    for extra in extras:
        listed += project["optional-dependencies"][extra]
    return {normal(re.split(r"[\[<>=!~; ]", one)[0]) for one in listed}


def test_the_lock_files_pin_everything_the_project_declares() -> None:
    assert declared() <= set(pinned("requirements.lock"))
    # An extra may name another one of the project itself.
    extras = declared("dev", "spark") - {"zhiheng"}
    assert extras <= set(pinned("requirements-dev.lock"))


def test_the_runtime_lock_is_a_part_of_the_development_lock() -> None:
    assert pinned("requirements.lock").items() <= pinned("requirements-dev.lock").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_has_hashes_and_names_no_index_and_no_path(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert text.count("==") <= text.count("--hash=sha256:")
    assert not re.search(r"index-url|find-links|https?:|file:|^/|@ ", text, re.MULTILINE)


@pytest.mark.parametrize("script", [".ci/run", "scripts/install-system.sh"])
def test_a_script_can_be_run_and_is_sound_shell(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    assert path.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
    subprocess.run(["bash", "-n", str(path)], check=True)


def test_continuous_integration_runs_the_same_tests_as_a_desk() -> None:
    assert re.search(
        r"^exec make test\b", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE
    )


@pytest.mark.parametrize(
    "page", [ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda p: p.name
)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (page.parent / link).exists(), link


def test_every_decision_and_explanation_is_listed_in_the_index_of_pages() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for folder in ("decisions", "explanation", "reference"):
        for page in sorted((ROOT / "docs" / folder).glob("*.md")):
            assert f"({folder}/{page.name})" in index, page.name
