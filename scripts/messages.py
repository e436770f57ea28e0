"""Keep the message catalogue true to the source (needs Babel, a development dependency).

python scripts/messages.py extract   collect the messages of the source into the .po file
python scripts/messages.py compile   write the .mo file the product reads
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "zhiheng"
PO = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "zhiheng.po"
MO = PO.with_suffix(".mo")
METHODS = [("**/test_*.py", "ignore"), ("**.py", "python"), ("**.j2", "jinja2")]
KEYWORDS = {"_": None, "marked": None}


def source_messages() -> Catalog:
    """Every message marked in the package's Python files and templates."""
    catalogue = Catalog(locale="zh_Hans", domain="zhiheng")
    found = extract_from_dir(PACKAGE, METHODS, keywords=KEYWORDS, options_map={"**.j2": OPTIONS})
    for name, _line, message, _comments, _context in sorted(found, key=lambda row: row[0]):
        catalogue.add(message, locations=[(f"src/zhiheng/{Path(name).as_posix()}", None)])
    return catalogue


HEADER = "# Chinese (simplified) of what Zhiheng says to people. Keep every entry translated."
OPTIONS = {"newstyle_gettext": "false", "silent": "false"}


def translations() -> Catalog:
    """The catalogue as it stands in the .po file."""
    with PO.open("rb") as stream:
        return read_po(stream, locale="zh_Hans", domain="zhiheng")


class _Compiled(Catalog):
    """A catalogue whose header holds nothing that changes with the day or the tool's version."""

    mime_headers = [("Content-Type", "text/plain; charset=utf-8")]  # noqa: RUF012


def compiled(catalogue: Catalog) -> bytes:
    """The bytes of the .mo file of `catalogue`."""
    plain = _Compiled(locale="zh_Hans", domain="zhiheng", fuzzy=False)
    for message in catalogue:
        if message.id:
            plain.add(message.id, message.string)
    stream = io.BytesIO()
    write_mo(stream, plain)
    return stream.getvalue()


def extract() -> None:
    """Bring the .po file up to the source; what the source no longer says is dropped."""
    catalogue = translations() if PO.exists() else Catalog(locale="zh_Hans", domain="zhiheng")
    catalogue.header_comment, catalogue.fuzzy = HEADER, False
    catalogue.project, catalogue.version = "zhiheng", ""
    catalogue.update(source_messages(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    stream = io.BytesIO()
    write_po(stream, catalogue, width=100, sort_output=True, omit_header=False)
    lines = stream.getvalue().decode().splitlines(keepends=True)
    # Dates and tool versions in the header would make every run a change.
    volatile = (
        "POT-Creation",
        "PO-Revision",
        "Generated-By",
        "Last-Trans",
        "Language-Team",
        "Report-",
    )
    PO.write_text("".join(line for line in lines if not line[1:].startswith(volatile)), "utf-8")


def main(command: str) -> int:
    """Run `command`; exit code 2 for a command that does not exist."""
    if command == "extract":
        extract()
    elif command == "compile":
        MO.write_bytes(compiled(translations()))
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
