"""The zip of an Office file, opened with suspicion: what it would grow to is known before anything of it is read."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final

from services.kit.errors import Refused

ENTRIES: Final = 2_000
INFLATED_BYTES: Final = 256 * 1024 * 1024
RATIO: Final = 200
"""How many times its size an entry may grow; Office's own tables of equal cells reach about half of that."""
SMALL_BYTES: Final = 1024 * 1024
"""An entry that grows to no more than this may have any ratio: it harms nobody."""
CHUNK: Final = 64 * 1024
COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the older container of Microsoft begins: xls, doc, et, wps, and every encrypted Office file."""
ENCRYPTED_STREAM: Final = "EncryptedPackage".encode("utf-16-le")
UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError)
"""What the zip module raises for a file that is damaged, or made to deceive."""

SENTENCES: Final = {
    "not-a-zip": (
        "this is no {wanted} file: save it as {wanted} with Excel, WPS or Word",
        "文件不是 {wanted} 格式：请用 Excel、WPS 或 Word 另存为 {wanted}",
    ),
    "encrypted": ("the file is encrypted: remove its password", "文件已加密：请取消密码后重新上传"),
    "old-format": (
        "this is a file of the older format (xls, et, doc, wps): save it as {wanted}",
        "文件为旧格式（xls、et、doc、wps）：请另存为 {wanted}",
    ),
    "other-format": (
        "this is an Office file of another kind: {wanted} is needed, without macros",
        "文件为其他类型的 Office 文件：需要不含宏的 {wanted}",
    ),
    "damaged": (
        "the file is damaged: open it, save it anew and send it again",
        "文件已损坏：请打开后重新保存再上传",
    ),
    "grows-too-large": (
        "unpacked, the file would be larger than {most} MiB or {ratio} times its size: delete empty formatted rows and columns",
        "文件解压后超过 {most} MiB 或压缩比超过 {ratio} 倍：请删除空白的带格式行列",
    ),
    "too-many-entries": (
        "the file holds more than {entries} parts: delete pictures and objects",
        "文件内部部件超过 {entries} 个：请删除图片和嵌入对象",
    ),
    "macros": ("the file holds macros: save it as {wanted} without them", "文件含有宏：请另存为不含宏的 {wanted}"),
    "external-links": (
        "the file refers to other files ({name}): break the links and keep the values",
        "文件引用了外部文件（{name}）：请断开链接，只保留数值",
    ),
    "embedded-objects": ("the file holds an embedded object ({name}): delete it", "文件含有嵌入对象（{name}）：请删除"),
    "declared-entities": (
        "the XML inside declares a document type ({name}): no Office program writes that",
        "文件内部 XML 含有 DOCTYPE 声明（{name}）：不是办公软件生成的文件",
    ),
}


class Unsafe(Refused):
    """A file that is not read: what it is, and what to do. Its own code says which of several reasons it is."""

    code = "unsafe-file"

    def __init__(self, code: str, *, wanted: str = "xlsx", name: str = "") -> None:
        en, zh = SENTENCES[code]
        values = {
            "wanted": wanted,
            "name": name,
            "entries": ENTRIES,
            "most": INFLATED_BYTES // 1024 // 1024,
            "ratio": RATIO,
        }
        super().__init__(en.format_map(values), zh=zh.format_map(values))
        self.code = code


class Archive:
    """The parts of an Office file by name. Raises `Unsafe` for one that must not, or cannot, be read."""

    def __init__(self, file: IO[bytes], *, wanted: str = "xlsx") -> None:
        self.wanted = wanted
        self._check_start(file)
        try:
            self._zip = zipfile.ZipFile(file)
        except UNREADABLE as error:
            raise self.unsafe("damaged") from error
        self._check_directory(self._zip.infolist())
        self.names = frozenset(self._zip.namelist())
        self._check_parts()
        self._inflated = 0

    def unsafe(self, code: str, name: str = "") -> Unsafe:
        """The refusal of this file."""
        return Unsafe(code, wanted=self.wanted, name=name)

    def _check_start(self, file: IO[bytes]) -> None:
        file.seek(0)
        start = file.read(8)
        if start == COMPOUND:
            raise self.unsafe("encrypted" if _holds(file, ENCRYPTED_STREAM) else "old-format")
        if not start.startswith(b"PK\x03\x04"):
            raise self.unsafe("not-a-zip")
        file.seek(0)

    def _check_directory(self, entries: list[zipfile.ZipInfo]) -> None:
        if len(entries) > ENTRIES:
            raise self.unsafe("too-many-entries")
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise self.unsafe("encrypted")
        if sum(entry.file_size for entry in entries) > INFLATED_BYTES:
            raise self.unsafe("grows-too-large")
        if any(_grows(entry.file_size, entry.compress_size) for entry in entries):
            raise self.unsafe("grows-too-large")

    def _check_parts(self) -> None:
        if "[Content_Types].xml" not in self.names:
            raise self.unsafe("other-format")
        for name in sorted(self.names):
            lower = name.lower()
            if "vbaproject" in lower or "/macrosheets/" in lower:
                raise self.unsafe("macros")
            if "/externallinks/" in lower or lower.endswith("connections.xml"):
                raise self.unsafe("external-links", name)
            if "/embeddings/" in lower or "/activex/" in lower:
                raise self.unsafe("embedded-objects", name)

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part piece by piece; what all parts have grown to is counted while they are read, whatever was declared."""
        entry = self._zip.getinfo(name)
        grown = 0
        try:
            with self._zip.open(entry) as part:
                while chunk := part.read(CHUNK):
                    grown += len(chunk)
                    self._inflated += len(chunk)
                    if self._inflated > 2 * INFLATED_BYTES or _grows(grown, entry.compress_size):
                        raise self.unsafe("grows-too-large")
                    yield chunk
        except UNREADABLE as error:
            raise self.unsafe("damaged") from error


def _grows(inflated: int, packed: int) -> bool:
    return inflated > SMALL_BYTES and inflated > RATIO * max(packed, 1)


def _holds(file: IO[bytes], needle: bytes) -> bool:
    before = b""
    while chunk := file.read(CHUNK):
        if needle in before + chunk:
            return True
        before = chunk[-len(needle) :]
    return False
