"""Opens a file as sheets: CSV text or an XLSX workbook, told apart by its bytes and not by its name."""

import sys
from pathlib import Path

from event_manager.tabulation.files.sheet import Limits, Sheet
from event_manager.tabulation.files.sheet_csv import csv_rows
from event_manager.tabulation.files.troubles import refused

LIMITS = Limits()
STDIN = "-"

_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"


def read_sheets(path: str) -> list[Sheet]:
    """The tables of a CSV file (one), an XLSX workbook (one per sheet), or standard input ("-").

    Raises `BadInput` when the file cannot be read as either; walking `rows` can raise it too.
    """
    name, data = called(path), read_bytes(path)
    if not data.strip():
        raise refused(name, "is empty; the first line must name the columns, for example: entry,judge,mark")
    return read_tables(name, data, LIMITS)


def read_tables(name: str, data: bytes, limits: Limits) -> list[Sheet]:
    """The tables in the bytes of a file that messages call `name`. Raises `BadInput` as `read_sheets` does."""
    if len(data) > limits.data:
        raise refused(name, f"is larger than {limits.data // 1024 // 1024} MB; split it")
    if not data.strip():
        raise refused(name, "is empty; the first line must name the columns")
    if data.startswith(_ZIP_MAGIC):
        from event_manager.tabulation.files.sheet_xlsx import read_workbook

        return read_workbook(name, data, limits)
    if data.startswith(_OLE_MAGIC):
        raise refused(name, _describe_ole(data))
    return [Sheet(name, "", csv_rows(name, _decode(name, data), limits))]


def read_bytes(path: str) -> bytes:
    """The content of a file or of standard input ("-"). Raises `BadInput` when it cannot be read or is too large."""
    name = called(path)
    try:
        if path == STDIN:
            data = sys.stdin.buffer.read(LIMITS.data + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(LIMITS.data + 1)
    except OSError as error:
        raise refused(name, f"cannot be read: {error.strerror or error}") from None
    except ValueError:  # a null character in the name
        raise refused(repr(name), "is not the name of a file") from None
    if len(data) > LIMITS.data:
        limit = LIMITS.data // 1024 // 1024
        raise refused(name, f"is larger than {limit} MB; split it, for example one file per contest")
    return data


def called(path: str) -> str:
    """How messages call a file."""
    return "standard input" if path == STDIN else path


def _describe_ole(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "is protected by a password; save a copy without one"
    return "is a workbook of the old kind (.xls); save it as XLSX or CSV"


def _decode(name: str, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise refused(name, "begins as UTF-16 text but is cut off; save it as CSV in UTF-8") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"0x{data[error.start]:02x}"
        raise refused(name, f"is not UTF-8 text (byte {byte}); save it as CSV in UTF-8", line) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refused(name, "holds a null character and is no text; CSV and XLSX can be read", line)
    return text
