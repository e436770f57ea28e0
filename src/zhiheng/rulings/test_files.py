"""Files: text in two encodings, .docx, .pdf; and what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from fpdf import FPDF

from zhiheng.errors import BadInput
from zhiheng.rulings import check_file
from zhiheng.rulings.files import read_text
from zhiheng.rulings.test_rulings import GOOD, changed

FONTS = ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
         "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_is_read_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "ruling.txt"
    path.write_bytes(GOOD.encode(encoding))
    assert check_file(path).flags == ()


def test_a_docx_is_read_with_its_tables(tmp_path: Path) -> None:
    document = docx.Document()
    *body, last = GOOD.strip().splitlines()
    for line in body:
        document.add_paragraph(line)
    document.add_table(1, 1).cell(0, 0).text = last
    path = tmp_path / "ruling.docx"
    document.save(str(path))
    checked = check_file(path)
    assert checked.flags == ()
    assert checked.facts.signatories[-1].name == "李某"


def test_a_pdf_with_a_text_layer_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ruling.pdf"
    pdf(changed(("、报告财产令", ""))).output(str(path))
    assert [one.id for one in check_file(path).flags] == ["report_ordered"]


def test_a_pdf_of_pictures_is_refused_with_the_page(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    document = pdf("裁定书")
    document.add_page()
    document.image(image.new("RGB", (20, 20)), 10, 10)
    path = tmp_path / "scan.pdf"
    document.output(str(path))
    with pytest.raises(BadInput, match="Page 2 of the PDF has no text layer"):
        read_text(path)


def test_a_pdf_without_any_words_is_refused(tmp_path: Path) -> None:
    document = FPDF()
    document.add_page()
    path = tmp_path / "empty.pdf"
    document.output(str(path))
    with pytest.raises(BadInput, match="no text layer"):
        read_text(path)


def archive(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return held.getvalue()


REFUSED = {
    "empty": (b"", "no text"),
    "blank": ("\ufeff \n　".encode(), "no text"),
    "old doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "old .doc"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no text, .docx or .pdf"),
    "zip": (archive(a=b"x"), "no .docx"),
    "cut docx": (b"PK\x03\x04" + b"x" * 50, "not a whole .docx"),
    "empty docx": (archive(word__document_xml=b"<a/>"), "not a whole .docx"),
    "bomb": (archive(word__document_xml=b"0" * (70 << 20)), "too large"),
    "ratio": (archive(word__document_xml=b"0" * (20 << 20)), "too large"),
    "entities": (archive(word__document_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "entities"),
    "cut pdf": (b"%PDF-1.7\n1 0 obj\n<<", "not a whole PDF"),
    "damaged": ("终结本次执行".encode() + b"\xff\xfe\xff", "Byte 19"),
    "too long": ("执".encode() * 100_001, "too large"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_used_is_refused_with_a_remedy(tmp_path: Path, name: str) -> None:
    data, reason = REFUSED[name]
    path = tmp_path / "ruling.any"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=reason) as refused:
        check_file(path)
    assert refused.value.remedy.zh and refused.value.place == "ruling.any"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(BadInput, match="cannot be opened"):
            read_text(path)


def pdf(text: str) -> FPDF:
    font = next((name for name in FONTS if Path(name).exists()), None)
    if font is None:
        pytest.skip("no Chinese font on this machine")
    document = FPDF()
    document.add_page()
    document.add_font("cjk", "", font)
    document.set_font("cjk", size=11)
    document.multi_cell(0, 7, text)
    return document
