"""Evidence files: what is taken, recognised by its content and never by its name, and kept by its hash (SHA-256).

A file is evidence for years, read by people whom its sender never met: what could act when it is opened (macros) or
swell when it is read (zip bombs) is refused before it is kept.
"""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import quote

from pydantic import StringConstraints
from sqlalchemy import DateTime, LargeBinary
from sqlmodel import Field, SQLModel

from services.kit.errors import Refused
from services.kit.limits import FILE_BYTES

NAME_LENGTH: Final = 200
INFLATED_BYTES: Final = 10 * FILE_BYTES
"""So much a container may hold when unpacked."""
ENTRIES: Final = 5000
CHUNK: Final = 1 << 20

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The name of a file: the SHA-256 of its bytes, in small hex digits."""


class FileTooLarge(Refused):
    """A file has more bytes than are taken."""

    code = "file-too-large"
    status = 413

    def __init__(self) -> None:
        mebibytes = FILE_BYTES >> 20
        super().__init__(
            f"a file has at most {mebibytes} MiB ({FILE_BYTES} bytes); compress its pictures or divide it",
            zh=f"文件不得超过 {mebibytes} MiB（{FILE_BYTES} 字节）；请压缩图片或拆分文件",
            pointer="/body/file",
        )


class BadFileName(Refused):
    """A file's name is none that people could save it under."""

    code = "file-name"

    def __init__(self) -> None:
        super().__init__(
            f"a name of 1 to {NAME_LENGTH} printable characters without / and \\ was expected, such as 开工证明.pdf",
            zh=f"文件名应为 1 至 {NAME_LENGTH} 个可见字符，不含 / 和 \\，例如“开工证明.pdf”",
            pointer="/body/file",
        )


class FileKindRefused(Refused):
    """A file is of no kind that is taken, or of another than its name says."""

    code = "file-kind"
    status = 415


class FileUnsafe(Refused):
    """A file is damaged, or could do harm when it is opened."""

    code = "file-unsafe"

    def __init__(self, detail: str, *, zh: str) -> None:
        super().__init__(detail, zh=zh, pointer="/body/file")


class FileRow(SQLModel):
    """The columns of a service's own table of files: the bytes once, whatever they are called and by whom."""

    region: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    size: int
    media_type: str
    content: bytes = Field(sa_type=LargeBinary)
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


@dataclass(frozen=True)
class Evidence:
    """A file that may be kept."""

    name: str
    sha256: str
    size: int
    media_type: str
    content: bytes


def evidence(name: str | None, content: bytes) -> Evidence:
    """A file as it may be kept, or why it may not. Takes time for a container: it is unpacked to be checked."""
    if (
        not name
        or len(name) > NAME_LENGTH
        or not name.isprintable()
        or name != name.strip()
        or re.search(r"[/\\]", name)
    ):
        raise BadFileName
    if len(content) > FILE_BYTES:
        raise FileTooLarge
    media_type, endings = _recognised(content)
    ending = name.rpartition(".")[2].lower()
    if ending not in endings:
        raise FileKindRefused(
            f"the content is {endings[0]}, the name ends in .{ending}; name it .{endings[0]}",
            zh=f"文件内容为 {endings[0]}，而文件名以 .{ending} 结尾；请改为 .{endings[0]}",
            pointer="/body/file",
        )
    return Evidence(name, hashlib.sha256(content).hexdigest(), len(content), media_type, content)


def disposition(name: str) -> str:
    """The Content-Disposition under which a browser saves a file and never shows it (RFC 6266)."""
    plain = "".join(letter if letter.isascii() and letter not in '"\\%' else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


Kind = tuple[str, tuple[str, ...]]
"""Media type, and the endings that a name may have."""

SIGNATURES: Final[Mapping[bytes, Kind]] = {
    b"%PDF-": ("application/pdf", ("pdf",)),
    b"\x89PNG\r\n\x1a\n": ("image/png", ("png",)),
    b"\xff\xd8\xff": ("image/jpeg", ("jpg", "jpeg")),
}
OFFICE: Final = "application/vnd.openxmlformats-officedocument"
CONTAINERS: Final[Mapping[str, Kind]] = {
    "word/document.xml": (f"{OFFICE}.wordprocessingml.document", ("docx",)),
    "xl/workbook.xml": (f"{OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    "OFD.xml": ("application/ofd", ("ofd",)),
}
"""Kinds of zip containers by the part that each must have; ofd is GB/T 33190-2016 (版式文档)."""
TEXTS: Final[Mapping[str, str]] = {"utf-8-sig": "utf-8", "gb18030": "gb18030"}
NO_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


def _recognised(content: bytes) -> Kind:
    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            return kind
    if content.startswith(b"PK"):
        return _container(content)
    charset = _charset(content)
    if charset is None:
        raise FileKindRefused(
            "this is none of pdf, png, jpeg, docx, xlsx, ofd, txt; save it as one of them",
            zh="不是 pdf、png、jpeg、docx、xlsx、ofd、txt 文件；请另存为其中一种",
            pointer="/body/file",
        )
    return f"text/plain; charset={charset}", ("txt",)


def _charset(content: bytes) -> str | None:
    """How the bytes are to be read as text, or None where they are none."""
    for codec, charset in TEXTS.items():
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        return charset if text and NO_TEXT.search(text) is None else None
    return None


def _container(content: bytes) -> Kind:
    """The kind of a zip container, after every part of it was unpacked within bounds and its checksum held."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            parts = container.infolist()
            _check_parts(parts)
            inflated = 0
            for part in parts:
                for chunk in _chunks(container, part):
                    inflated += chunk
                    if inflated > INFLATED_BYTES:
                        raise _bomb()
            types = container.read("[Content_Types].xml") if "[Content_Types].xml" in container.namelist() else b""
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
        raise FileUnsafe(
            "the container is damaged and cannot be unpacked; save it again and send that",
            zh="文件已损坏，无法解包；请重新保存后上传",
        ) from error
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise _macros()
    names = {part.filename for part in parts}
    for needed, kind in CONTAINERS.items():
        if needed in names and (needed == "OFD.xml" or types):
            return kind
    raise FileKindRefused(
        "of zip containers docx, xlsx and ofd are taken; unpack the archive and send its files one by one",
        zh="压缩容器只接受 docx、xlsx、ofd；请解压后逐个上传",
        pointer="/body/file",
    )


def _chunks(container: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[int]:
    with container.open(part) as unpacked:
        while chunk := unpacked.read(CHUNK):
            yield len(chunk)


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    """Refuse what the container's own list of contents gives away already, before anything is unpacked."""
    checks: tuple[tuple[Callable[[zipfile.ZipInfo], bool], Callable[[], FileUnsafe]], ...] = (
        (lambda part: bool(part.flag_bits & 1), _encrypted),
        (lambda part: part.filename.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")), _macros),
        (lambda part: part.filename.startswith("/") or ".." in re.split(r"[/\\]", part.filename), _escapes),
    )
    if len(parts) > ENTRIES or sum(part.file_size for part in parts) > INFLATED_BYTES:
        raise _bomb()
    for wrong, refusal in checks:
        if any(wrong(part) for part in parts):
            raise refusal()


def _bomb() -> FileUnsafe:
    mebibytes = INFLATED_BYTES >> 20
    return FileUnsafe(
        f"unpacked it has more than {mebibytes} MiB or {ENTRIES} parts; a document of that size is divided",
        zh=f"解包后超过 {mebibytes} MiB 或 {ENTRIES} 个部件；请拆分文档",
    )


def _macros() -> FileUnsafe:
    return FileUnsafe(
        "it holds macros or programs; save it without them (as .docx or .xlsx)",
        zh="文件含有宏或程序；请另存为不含宏的 .docx 或 .xlsx",
    )


def _encrypted() -> FileUnsafe:
    return FileUnsafe("it is locked with a password; take the password off", zh="文件已加密；请取消密码后上传")


def _escapes() -> FileUnsafe:
    return FileUnsafe(
        "a part of the container is named outside of it; save the document again",
        zh="容器内部件的路径指向容器之外；请重新保存文档",
    )
