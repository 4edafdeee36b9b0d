"""Saved exports in XML as records, one at a time, also inside a ZIP archive.

XML can name files and hosts, and grow without end by entities (https://www.w3.org/TR/xml/#sec-physical-struct). All of
that needs a document type, and no register here has one, so a file with one is refused before any of it is used.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

from kg.errors import DataError
from kg.registers.framework import TruncatedError, plain

LARGEST_FILE = 2 * 2**30
"""Bytes of XML in one export, unpacked."""
LARGEST_RECORD = 16 * 2**20
"""Bytes of one record, and of what stands before the first."""
LARGEST_LIST = 2**20
"""Bytes of the list of files in a ZIP archive."""
DEEPEST = 100
"""Elements around an element."""

_TOO_DEEP = f"{{}}: elements more than {DEEPEST} deep. This is no export of a register."
_AT_A_TIME = 65_536
_ZIP = b"PK\x03\x04"
_ENDED = {
    expat.errors.codes[error]
    for error in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
    )
}


def xml_records(path: Path, name: str) -> Iterator[tuple[Element, list[Element]]]:
    """Each element of this name with the elements around it, the outermost first; a record in another comes before it.

    A record may be used until the next is asked for. Namespaces of registers change with each version of their schema;
    names are compared without. Raises TruncatedError where the file ends early, and DataError where it is no XML, has
    a document type, or is over a bound.
    """
    refuse_document_type(path)
    with _opened(path) as stream, _clear_errors(path):
        bounded = _Bounded(stream, path)
        around: list[Element] = []
        records = 0
        for event, element in ElementTree.iterparse(bounded, events=("start", "end")):  # noqa: S314  (see above)
            if event == "start":
                around.append(element)
                records += local(element.tag) == name
                if len(around) > DEEPEST:
                    raise DataError(_TOO_DEEP.format(path))
                continue
            around.pop()
            if local(element.tag) == name:
                records -= 1
                bounded.mark()
                yield element, around
                _forget(element, around)
            elif not records:
                _forget(element, around)


def local(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute, in whatever namespace; empty where there is none."""
    return next((value.strip() for key, value in element.attrib.items() if local(key) == name), "")


def texts(element: Element, path: str) -> list[str]:
    """The texts of the elements at a path of names below this one ("types/type"), empty ones left out."""
    steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
    return [text for found in element.iterfind(steps) if (text := (found.text or "").strip())]


def text_of(element: Element, path: str) -> str:
    """The first of them; empty where there is none."""
    return next(iter(texts(element, path)), "")


def first_text(path: Path, name: str) -> str | None:
    """The text of the first element of this name near the start of a file; raises what `xml_records` raises."""
    refuse_document_type(path)
    with _opened(path) as stream, _clear_errors(path):
        head = _Bounded(io.BytesIO(stream.read(_AT_A_TIME)), path)
        try:
            for _, element in ElementTree.iterparse(head):  # noqa: S314  (only the head of a file without entities)
                if local(element.tag) == name:
                    return (element.text or "").strip() or None
        except ElementTree.ParseError:
            return None
    return None


def root_attribute(path: Path, name: str) -> str | None:
    """An attribute of the outermost element; raises what `xml_records` raises."""
    refuse_document_type(path)
    with _opened(path) as stream, _clear_errors(path):
        for _, element in ElementTree.iterparse(_Bounded(stream, path), events=("start",)):  # noqa: S314
            return attribute(element, name) or None
    return None


def refuse_document_type(path: Path) -> None:
    """Raise DataError where an XML file has a document type; it can stand only before the first element."""
    parser = expat.ParserCreate()
    begun: list[str] = []
    found: list[str] = []
    parser.StartElementHandler = lambda name, _: begun.append(name)
    parser.StartDoctypeDeclHandler = lambda name, *_: found.append(name)
    with _opened(path) as stream, _clear_errors(path):
        for _ in range(LARGEST_RECORD // _AT_A_TIME):
            data = stream.read(_AT_A_TIME)
            try:
                parser.Parse(data, not data)
            except expat.ExpatError:
                # What is wrong behind the first element is for the real reading to say.
                if not begun and not found:
                    raise
            if begun or found or not data:
                break
    if found:
        raise DataError(f"{path}: XML with a document type (<!DOCTYPE) is not read, because it can name other files.")
    if not begun:
        raise DataError(f"{path}: no element was found. Is it the export of this register?")


def refuse_growth(path: Path) -> None:
    """Raise DataError where elements stand too deep in one another or entities make much of little.

    Of entities expat itself keeps count. Raises TruncatedError where the file ends early.
    """
    depth = 0

    def count(difference: int) -> None:
        nonlocal depth
        depth += difference
        if depth > DEEPEST:
            raise DataError(_TOO_DEEP.format(path))

    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda *_: count(1)
    parser.EndElementHandler = lambda *_: count(-1)
    with _opened(path) as stream, _clear_errors(path):
        bounded = _Bounded(stream, path)
        while data := bounded.read(_AT_A_TIME):
            parser.Parse(data)
            bounded.mark()
        parser.Parse(b"", True)


class _Bounded:
    """A stream that counts what is read, in all and since the last record."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        self._stream = stream
        self._path = path
        self._read = 0
        self._marked = 0

    def mark(self) -> None:
        """A record has ended here."""
        self._marked = self._read

    def read(self, size: int = -1) -> bytes:
        """The next bytes; raises DataError over a bound."""
        data = self._stream.read(size)
        self._read += len(data)
        if self._read > LARGEST_FILE:
            raise DataError(f"{self._path}: more than {LARGEST_FILE} bytes of XML. This is no export of a register.")
        if self._read - self._marked > LARGEST_RECORD:
            raise DataError(f"{self._path}: {LARGEST_RECORD} bytes without a whole record. Is it the right export?")
        return data


def _forget(element: Element, around: list[Element]) -> None:
    """Let go of an element that was read."""
    element.clear()
    if around:
        around[-1].remove(element)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of an XML file, or of the only XML file in a ZIP archive; those of a .gz unpacked."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            if file.read(len(_ZIP)) != _ZIP:
                file.seek(0)
                yield file
                return
            listed = _Listed(file, path)
            with zipfile.ZipFile(listed) as archive, archive.open(_only_xml(archive, path)) as member:
                yield member
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise TruncatedError(f"{path} is no complete ZIP archive: {error}. Fetch it again.") from error
    except (NotImplementedError, RuntimeError) as error:
        raise DataError(f"{path}: this ZIP archive cannot be read: {plain(str(error))}") from error


class _Listed:
    """A ZIP archive of which no list of files is read, at once as zipfile does, that is longer than any should be."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._path = path
        self._file = file
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close

    def read(self, size: int = -1) -> bytes:
        """The next bytes; raises DataError when more are asked for than a list or a part of a file takes."""
        data = self._file.read(LARGEST_LIST + 1 if size < 0 else min(size, LARGEST_LIST + 1))
        if len(data) > LARGEST_LIST:
            raise DataError(f"{self._path}: its list of files is longer than {LARGEST_LIST} bytes. Is it the export?")
        return data


def _only_xml(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if member.filename.lower().endswith(".xml")]
    if len(members) != 1:
        raise DataError(f"{path}: {len(members)} XML files where one was expected. Is it the export of this register?")
    return members[0]


@contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    """Say which file is no XML, and whether it ends too early."""
    try:
        yield
    except (ElementTree.ParseError, expat.ExpatError) as error:
        reason = plain(str(error))
        if error.code in _ENDED:
            raise TruncatedError(f"{path} ends before it is complete ({reason}). Fetch it again.") from error
        raise DataError(f"{path} is no well-formed XML: {reason}") from error
    except (LookupError, ValueError) as error:
        raise DataError(f"{path} is in an encoding that cannot be read: {plain(str(error))}") from error
