"""Files that are not read: each with the sentence that says what to do."""

import io
import zipfile

import pytest

from services.kit.office import archive
from services.kit.office.archive import COMPOUND, ENCRYPTED_STREAM, Archive, Unsafe
from services.kit.office.workbook import Workbook
from tests.kit.office.samples import part, rewritten, with_shared_strings

PLAIN = with_shared_strings(["代码", "名称"], ["a", "b"]).getvalue()
SHEET = "xl/worksheets/sheet1.xml"


def survey(file: io.BytesIO) -> None:
    opened = Workbook(file)
    for sheet in opened.sheets:
        opened.survey(sheet)


def refused(content: bytes | io.BytesIO) -> str:
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    with pytest.raises(Unsafe) as caught:
        survey(file)
    assert caught.value.zh != caught.value.detail
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-a-zip"),
        ("代码,名称\n".encode(), "not-a-zip"),
        (b"%PDF-1.7 ...", "not-a-zip"),
        (COMPOUND + bytes(600), "old-format"),
        (COMPOUND + bytes(70_000) + ENCRYPTED_STREAM + bytes(100), "encrypted"),
        (PLAIN[: len(PLAIN) // 2], "damaged"),
        (b"PK\x03\x04" + bytes(50), "damaged"),
    ],
    ids=["empty", "csv", "pdf", "xls", "encrypted", "cut off", "no directory"],
)
def test_what_is_no_xlsx_says_what_it_is(content: bytes, code: str) -> None:
    assert refused(content) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/externalLinks/externalLink1.xml", "external-links"),
        ("xl/connections.xml", "external-links"),
        ("xl/embeddings/oleObject1.bin", "embedded-objects"),
        ("xl/activeX/activeX1.xml", "embedded-objects"),
    ],
)
def test_what_a_workbook_must_not_hold_is_named(name: str, code: str) -> None:
    assert refused(rewritten(io.BytesIO(PLAIN), {}, more=[name])) == code


def test_another_zip_is_no_workbook() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert refused(made) == "other-format"
    assert refused(rewritten(io.BytesIO(PLAIN), {"xl/workbook.xml": None, "xl/workbook.bin": b"x"})) == "other-format"


def test_a_zip_that_is_locked_is_called_encrypted() -> None:
    locked = bytearray(PLAIN)
    place = locked.index(b"PK\x01\x02")
    locked[place + 8] |= 1
    assert refused(bytes(locked)) == "encrypted"


def test_a_bomb_is_known_from_the_directory_before_anything_is_unpacked() -> None:
    bomb = rewritten(io.BytesIO(PLAIN), {"xl/media/image1.png": bytes(archive.SMALL_BYTES * 20)})
    assert len(bomb.getvalue()) < 100_000
    assert refused(bomb) == "grows-too-large"


def test_a_bomb_that_lies_in_its_directory_is_stopped_while_it_is_read() -> None:
    """The directory says one size; the stream holds more than that, and the check sum betrays it."""
    whole = part(io.BytesIO(PLAIN), SHEET)
    made = rewritten(io.BytesIO(PLAIN), {SHEET: whole + b" " * archive.SMALL_BYTES * 3}).getvalue()
    lying = bytearray(made)
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        size = opened.getinfo(SHEET).file_size.to_bytes(4, "little")
    for place in (start for start in range(len(lying) - 4) if lying[start : start + 4] == size):
        lying[place : place + 4] = len(whole).to_bytes(4, "little")
    assert refused(bytes(lying)) == "damaged"


def test_what_grows_while_it_is_read_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Archive(io.BytesIO(PLAIN))
    monkeypatch.setattr(archive, "SMALL_BYTES", 10)
    monkeypatch.setattr(archive, "RATIO", 1)
    with pytest.raises(Unsafe, match="unpacked"):
        list(opened.chunks(SHEET))


def test_more_parts_than_any_workbook_has_are_refused() -> None:
    assert refused(rewritten(io.BytesIO(PLAIN), {}, more=[f"xl/x{n}.xml" for n in range(archive.ENTRIES)])) == (
        "too-many-entries"
    )


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b"<!DOCTYPE x>",
    ],
)
@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "_rels/.rels"])
def test_xml_that_declares_a_document_type_is_refused_wherever_it_stands(name: str, declared: bytes) -> None:
    content = part(io.BytesIO(PLAIN), name)
    head, mark, body = content.rpartition(b"?>")
    assert refused(rewritten(io.BytesIO(PLAIN), {name: head + mark + declared + body})) == "declared-entities"


def test_broken_xml_is_a_damaged_file() -> None:
    assert refused(rewritten(io.BytesIO(PLAIN), {SHEET: b"<worksheet><sheetData>"})) == "damaged"
