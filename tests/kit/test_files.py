"""Evidence files are recognised by what is in them, and what could do harm is refused."""

import io
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.errors import Refused
from services.kit.files import BadFileName, FileKindRefused, FileTooLarge, FileUnsafe, disposition, evidence
from services.kit.limits import FILE_BYTES

TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def container(parts: dict[str, bytes]) -> bytes:
    """A zip container."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


def docx(types: bytes = TYPES, **more: bytes) -> bytes:
    """A document of Word; `more` are parts by their names."""
    return container({"[Content_Types].xml": types, "word/document.xml": b"<document/>", **more})


DOCX = docx()
XLSX = container({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<workbook/>"})
OFD = container({"OFD.xml": b"<OFD/>"})


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("开工证明.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("现场.PNG", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("现场.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("现场.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("意见.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("清单.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("批复.ofd", OFD, "application/ofd"),
        ("说明.txt", "同意准入\r\n".encode(), "text/plain; charset=utf-8"),
        ("说明.txt", "同意准入\r\n".encode("gb18030"), "text/plain; charset=gb18030"),
    ],
)
def test_each_kind_is_recognised(name: str, content: bytes, media_type: str) -> None:
    file = evidence(name, content)
    assert (file.name, file.media_type, file.size) == (name, media_type, len(content))
    assert len(file.sha256) == 64


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"MZ\x90\x00", b"a\x00b", "文".encode("utf-16")])
def test_what_is_of_no_known_kind_is_refused(content: bytes) -> None:
    with pytest.raises(FileKindRefused, match="none of pdf"):
        evidence("证明.pdf", content)


def test_a_name_that_says_another_kind_is_refused_with_the_right_one() -> None:
    with pytest.raises(FileKindRefused, match=r"name it \.png"):
        evidence("证明.pdf", b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("name", [None, "", "a/b.pdf", "a\\b.pdf", "a\nb.pdf", " a.pdf", "a" * 300 + ".pdf"])
def test_a_name_that_nobody_could_save_is_refused(name: str | None) -> None:
    with pytest.raises(BadFileName):
        evidence(name, b"%PDF-1.7")


def test_one_byte_too_many_is_refused() -> None:
    assert evidence("大.pdf", b"%PDF-".ljust(FILE_BYTES, b" ")).size == FILE_BYTES
    with pytest.raises(FileTooLarge):
        evidence("大.pdf", b"%PDF-".ljust(FILE_BYTES + 1, b" "))


def swollen() -> bytes:
    """More than may be unpacked, in a few kilobytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", TYPES)
        with packed.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(201):
                part.write(bytes(1 << 20))
    return made.getvalue()


def lying_about_its_size() -> bytes:
    """The same bomb, with a size of 5 in its list of contents."""
    content = bytearray(swollen())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 5)
    return bytes(content)


def locked() -> bytes:
    content = bytearray(DOCX)
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 8] |= 1
        at += 4
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        (
            docx(b"application/vnd.ms-word.document.macroEnabled.main+xml"),
            "macros",
        ),
        (docx(**{"word/setup.exe": b"x"}), "programs"),
        (docx(**{"../evil": b"x"}), "outside"),
        (swollen(), "MiB"),
        (lying_about_its_size(), "damaged"),
        (container({f"part{number}": b"" for number in range(5001)}), "parts"),
        (locked(), "password"),
        (DOCX[:-40], "damaged"),
        (DOCX[:60] + b"\xff\xff\xff" + DOCX[63:], "damaged"),
    ],
    ids=["macros", "macro types", "program", "outside", "bomb", "lying bomb", "parts", "password", "cut", "spoiled"],
)
def test_a_container_that_could_do_harm_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(FileUnsafe, match=said):
        evidence("意见.docx", content)


@pytest.mark.parametrize("content", [container({"readme.txt": b"x"}), container({"word/document.xml": b"no types"})])
def test_an_archive_is_no_document(content: bytes) -> None:
    with pytest.raises(FileKindRefused, match="docx, xlsx and ofd"):
        evidence("资料.docx", content)


@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", DOCX[:80], DOCX[-80:]]))
def test_whatever_comes_is_kept_or_refused(rest: bytes, head: bytes) -> None:
    for name in ("a.docx", "a.txt", "a.pdf"):
        with suppress(Refused):
            assert evidence(name, head + rest).content == head + rest


def test_a_browser_saves_a_file_under_its_name_and_never_shows_it() -> None:
    assert disposition('开工"1".pdf') == (
        "attachment; filename=\"___1_.pdf\"; filename*=UTF-8''%E5%BC%80%E5%B7%A5%221%22.pdf"
    )
