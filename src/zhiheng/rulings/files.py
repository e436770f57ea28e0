"""The text of a ruling out of a file: plain text, .docx, or .pdf with a text layer.

What a file is, its first bytes say, not its name.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zhiheng.errors import BadInput, Message

MOST_BYTES = 32 << 20
MOST_UNPACKED = 64 << 20
MOST_RATIO = 200
MOST_CHARACTERS = 30_000
MOST_PAGES = 300
_SMALL = 1 << 20
_CERTAIN = 4
"""So many valid UTF-8 characters beyond ASCII ahead of a bad byte mean: damaged UTF-8."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_AS_TEXT = Message("请另存为 .docx 或 UTF-8 文本。", "Save it as .docx or as UTF-8 text.")


def read_text(path: Path) -> str:
    """The words of the file. Raises BadInput: no file, too large, empty, another kind, damaged,
    a bomb, a PDF with a page that is only a picture."""
    place = path.name
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _too_large(place)
        data = path.read_bytes()
    except OSError as error:
        raise _bad(
            place,
            f"文件打不开（{error.strerror}）",
            f"The file cannot be opened ({error.strerror})",
            Message("请核对路径与权限。", "Check the path and the permissions."),
        ) from None  # fmt: skip
    text = _by_kind(path, data, place)
    if len(text) > MOST_CHARACTERS:
        raise _too_large(place)
    if not text.strip("\ufeff \t\r\n\f\u3000\u00a0"):
        raise _bad(
            place, "文件没有文字", "The file holds no text",
            Message("请给出载有裁定书文字的文件。", "Give a file that holds the ruling's words."),
        )  # fmt: skip
    return text


def _by_kind(path: Path, data: bytes, place: str) -> str:
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return _pdf(path, place)
    if data.startswith(b"PK"):
        return _docx(path, place)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _bad(place, "是旧版 .doc 文件", "It is an old .doc file", _AS_TEXT)
    return _plain(data, place)


def _plain(data: bytes, place: str) -> str:
    if b"\0" in data:
        raise _bad(place, "不是文本、.docx 或 .pdf", "It is no text, .docx or .pdf", _AS_TEXT)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        if sum(char > "\x7f" for char in before) >= _CERTAIN:
            raise _not_decoded(place, error.start) from None
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _not_decoded(place, error.start) from None


def _docx(path: Path, place: str) -> str:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        _guard(path, place)
        body = docx.Document(str(path)).element.body
    # zipfile raises NotImplementedError where a file is compressed in a way it does not know.
    except (zipfile.BadZipFile, PackageNotFoundError, SyntaxError, KeyError, ValueError,
            EOFError, RuntimeError, NotImplementedError, AttributeError) as error:  # fmt: skip
        raise _bad(
            place, "不是完整的 .docx 文件", f"It is not a whole .docx file ({error})", _AS_TEXT
        ) from None
    return "\n".join(_paragraphs(body))


def _paragraphs(body: Any) -> Iterator[str]:
    """Paragraphs in order, of tables and inserted changes too; not what was deleted."""
    marks = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n"}
    for paragraph in body.iter(f"{_W}p"):
        words = []
        for node in paragraph.iter(f"{_W}t", *marks):
            inside = [up.tag for up in node.iterancestors()]
            # A text box stands twice in the file; its paragraphs are met on their own.
            nearest = next(tag for tag in node.iterancestors(f"{_W}p"))
            if nearest is paragraph and _FALLBACK not in inside:
                words.append(node.text or "" if node.tag == f"{_W}t" else marks[node.tag])
        yield "".join(words)


def _guard(path: Path, place: str) -> None:
    """Nothing in the archive may exhaust the machine; BadZipFile where it is damaged."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if "word/document.xml" not in archive.namelist():
            raise _bad(place, "是压缩文件，但不是 .docx", "It is an archive but no .docx", _AS_TEXT)
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED or len(entries) > 2000:
            raise _too_large(place)
        for entry in entries:
            ratio = entry.file_size // max(entry.compress_size, 1)
            if entry.file_size > _SMALL and ratio > MOST_RATIO:
                raise _too_large(place)
            if entry.filename.endswith((".xml", ".rels")):
                with archive.open(entry) as stream:
                    head = stream.read(4096)
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    raise _bad(place, "内含实体声明", "It declares XML entities", _AS_TEXT)


def _pdf(path: Path, place: str) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _bad(
                place, "PDF 已加密", "The PDF is encrypted",
                Message("请给出未加密的文件。", "Give the file without a password."),
            )  # fmt: skip
        if len(reader.pages) > MOST_PAGES:
            raise _too_large(place)
        texts = [_page_text(page, number, place) for number, page in enumerate(reader.pages, 1)]
    except BadInput:
        raise
    # A damaged PDF can raise nearly anything out of the reader; none of it is a fault of ours.
    except (PyPdfError, Exception) as error:
        raise _bad(
            place, "不是完整的 PDF", f"It is not a whole PDF ({type(error).__name__})", _AS_TEXT
        ) from None
    if not any(text.strip() for text in texts):
        raise _scan(place, 1)
    return "\n".join(texts)


def _page_text(page: Any, number: int, place: str) -> str:
    # Fonts with two bytes a character can leave a zero byte beside each.
    text = str(page.extract_text()).replace("\0", "")
    if not text.strip() and page.images:
        raise _scan(place, number)
    return text


def _scan(place: str, page: int) -> BadInput:
    return _bad(
        place, f"PDF 第 {page} 页没有文字层", f"Page {page} of the PDF has no text layer",
        Message("请先做文字识别，或给出文本、.docx。", "Run text recognition first, or give text."),
    )  # fmt: skip


def _too_large(place: str) -> BadInput:
    return _bad(
        place, "文件或其解压后的内容过大", "The file, or what it unpacks to, is too large",
        Message("裁定书不会这样大，请核对文件。", "No ruling is that large; check the file."),
    )  # fmt: skip


def _not_decoded(place: str, byte: int) -> BadInput:
    return _bad(
        place, f"第 {byte + 1} 字节既不合 UTF-8 也不合 GB18030",
        f"Byte {byte + 1} is valid neither in UTF-8 nor in GB18030", _AS_TEXT,
    )  # fmt: skip


def _bad(place: str, zh: str, en: str, remedy: Message) -> BadInput:
    return BadInput(Message(f"{zh}。", f"{en}."), remedy, place)
