"""The parts of a `.docx` that are read, taken out of its ZIP container with limits on what they unpack to."""

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree

from corpus.errors import UnreadableDocument
from corpus.limits import Limits
from corpus.trees import parse_tree

_MIB = 1024 * 1024
_MAX_MEMBERS = 5_000
_MAX_PART = 48 * _MIB
"""Bytes of one XML part when unpacked: the biggest legal acts stay under 20 MiB."""
_MAX_RATIO = 200
"""Deflate reaches 1,032 at most, on a run of one byte; the XML of real documents stays under 50."""
_RATIO_FROM = 1 * _MIB
"""Bytes from which on the ratio is looked at: small parts may well be all alike."""
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMB = "unpacks to far more than a document holds, like a ZIP bomb: save it again in its program"
_STRICT = "{http://purl.oclc.org/"
_KINDS = ("styles", "numbering", "footnotes", "endnotes")
_SAVE_AGAIN = "open it in its program and save it again as .docx"


@dataclass(frozen=True, slots=True)
class Package:
    """The XML trees of a document's parts; None for a part it lacks."""

    document: etree._Element
    styles: etree._Element | None
    numbering: etree._Element | None
    footnotes: etree._Element | None
    endnotes: etree._Element | None


def open_package(data: bytes, limits: Limits) -> Package:
    """Unpack and parse the parts in `data`.

    Raises `UnreadableDocument` for what is no Word document, is encrypted or unpacks to too much.
    """
    if data.startswith(_OLE_MAGIC):
        raise UnreadableDocument("is protected by a password or an old .doc: save it as .docx without a password")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableDocument(f"is not a Word document or is damaged: {_SAVE_AGAIN}") from error
    with archive:
        _check_declared(archive.infolist(), limits)
        main = _targets(archive, "").get("officeDocument", "word/document.xml")
        document = _part(archive, main)
        if document is None or not document.tag.endswith("}document"):
            raise UnreadableDocument(f"is a ZIP file and no Word document: {_SAVE_AGAIN}")
        if document.tag.startswith(_STRICT):
            raise UnreadableDocument("is a “Strict Open XML” document: save it as an ordinary .docx")
        targets = _targets(archive, main)
        beside = posixpath.dirname(main)
        names = (targets.get(kind, posixpath.join(beside, f"{kind}.xml")) for kind in _KINDS)
        return Package(document, *(_part(archive, name) for name in names))


def _targets(archive: zipfile.ZipFile, source: str) -> dict[str, str]:
    """Where the parts that `source` refers to lie, by the kind of the relation."""
    folder, _, name = source.rpartition("/")
    relations = _part(archive, f"{folder}/_rels/{name}.rels".lstrip("/"))
    targets: dict[str, str] = {}
    for relation in relations if relations is not None else ():
        kind, target = relation.get("Type", "").rpartition("/")[2], relation.get("Target", "")
        if relation.get("TargetMode") != "External":
            targets.setdefault(kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
    return targets


def _check_declared(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > _MAX_MEMBERS:
        raise UnreadableDocument(f"holds {len(members):,} parts and at most {_MAX_MEMBERS:,} are read: {_SAVE_AGAIN}")
    if sum(member.file_size for member in members) > 4 * limits.file_bytes:
        raise UnreadableDocument(_BOMB)
    for member in members:
        if member.file_size > _RATIO_FROM and member.file_size > _MAX_RATIO * max(member.compress_size, 1):
            raise UnreadableDocument(_BOMB)


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """The XML of one part. What a member declares may be a lie, so what it unpacks to is bounded as well."""
    try:
        with archive.open(name) as member:
            data = member.read(_MAX_PART + 1)
    except KeyError:
        return None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise UnreadableDocument(f"is damaged or encrypted ({name}): {_SAVE_AGAIN}") from error
    if len(data) > _MAX_PART:
        raise UnreadableDocument(_BOMB)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = parse_tree(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(f"holds malformed XML ({name}): {_SAVE_AGAIN}") from error
    if root is not None and root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableDocument(f"declares XML entities, which no Word document needs ({name}): {_SAVE_AGAIN}")
    return root
