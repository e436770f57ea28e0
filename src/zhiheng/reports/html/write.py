"""Writing the pages: a whole report appears in its folder, or none."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from zhiheng.indexes.model import Edition
from zhiheng.reports.files import new_folder
from zhiheng.reports.html.pages import Page, court_pages, shared_pages
from zhiheng.reports.html.report import new_report
from zhiheng.scoring.results import Evaluation

_ASSETS = ("report.css", "report.js")


def write_html(out_dir: Path, evaluation: Evaluation, edition: Edition, language: str) -> Path:
    """Write the report to `out_dir` in `language` ("zh" or "en"); gives the page to open first.

    An earlier report in `out_dir` is replaced as a whole. Raises WrongUse where something else
    is there.
    """
    report = new_report(evaluation, edition, language)
    with new_folder(out_dir) as folder:
        _copy_assets(folder / "assets")
        for page in shared_pages(report):
            _write(folder, page)
        for court in evaluation.courts:
            for page in court_pages(report, court):
                _write(folder, page)
    return out_dir / "index.html"


def _write(folder: Path, page: Page) -> None:
    address, text = page
    path = folder / address
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _copy_assets(folder: Path) -> None:
    folder.mkdir()
    home = resources.files("zhiheng.reports.html") / "assets"
    for name in _ASSETS:
        folder.joinpath(name).write_bytes(home.joinpath(name).read_bytes())
