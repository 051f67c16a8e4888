"""CSV as Excel, WPS and other programs write it: UTF-8, UTF-16 or GB 18030, with commas, semicolons or tabs."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO, Final

from services.kit.errors import Refused
from services.kit.office.cells import COLUMNS, ROWS, Cell, Row

CHUNK: Final = 256 * 1024
LONGEST_CELL: Final = 32_767
"""As Excel has it."""
BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class NotCsv(Refused):
    """The file cannot be read as a table of text."""

    code = "not-csv"


def rows(file: IO[bytes], most: int = ROWS) -> Iterator[Row]:
    """The rows that hold something, in order, by their number as a spreadsheet would show it; `most` rows at most."""
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        delimiter = _delimiter(text.readline(CHUNK))
        text.seek(0)
        for number, cells in enumerate(csv.reader(text, delimiter=delimiter, strict=True), start=1):
            if number > most or len(cells) > COLUMNS:
                raise NotCsv(
                    f"at most {most} rows and {COLUMNS} columns are taken at once: send it in parts",
                    zh=f"超过 {most} 行或 {COLUMNS} 列：请拆分后分批导入",
                )
            if any(len(cell) > LONGEST_CELL for cell in cells):  # the module's own limit is the whole process's
                raise _broken("a long cell")
            found = [Cell(place, "text", cell) for place, cell in enumerate(cells, start=1) if cell.strip()]
            if found:
                yield number, found
    except csv.Error as error:
        raise _broken(error) from error
    except UnicodeError as error:
        raise _unknown_encoding() from error
    finally:
        text.detach()


def _encoding(file: IO[bytes]) -> str:
    """By its mark, else UTF-8 where all of it is, else GB 18030: what Chinese Excel calls CSV."""
    file.seek(0)
    start = file.read(4)
    for mark, name in BOMS:
        if start.startswith(mark):
            return name
    for name in ("utf-8", "gb18030"):
        file.seek(0)
        decoder = codecs.getincrementaldecoder(name)()
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return name
    raise _unknown_encoding()


def _broken(why: object) -> NotCsv:
    return NotCsv(
        f"this is no CSV ({why}): a quote is not closed, or a cell is longer than {LONGEST_CELL} characters",
        zh=f"CSV 格式有误（{why}）：引号未闭合，或单元格超过 {LONGEST_CELL} 个字符",
    )


def _unknown_encoding() -> NotCsv:
    return NotCsv(
        "the text is neither UTF-8 nor GB 18030: save it as CSV UTF-8", zh="文本编码无法识别：请另存为 CSV UTF-8"
    )


def _delimiter(line: str) -> str:
    return max(",;\t", key=lambda sign: (line.count(sign), sign == ","))
