"""What makes a PDF fit for archives (PDF/A-2b, ISO 19005-2:2011): metadata in XMP, a colour space, nothing that acts.

ReportLab writes the pages; this adds to its catalogue what it has no words for. `tests/papers` has every paper judged by a
validator of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc

from ..places import RESOURCES

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{creator}</xmp:CreatorTool><pdf:Producer>{creator}</pdf:Producer>
<xmp:CreateDate>{day}</xmp:CreateDate><xmp:ModifyDate>{day}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself; the day is that of the paper, not of the computer, so that the same input gives the same
    bytes."""

    title: str
    author: str
    subject: str
    day: date
    creator: str = "inspector"


def describe(canvas: Any, about: About) -> None:
    """Title, author and so on, in both places where a PDF keeps them: they have to agree."""
    canvas.setTitle(about.title)
    canvas.setAuthor(about.author)
    canvas.setSubject(about.subject)
    canvas.setCreator(about.creator)
    canvas.setProducer(about.creator)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    document = canvas._doc
    document._timeStamp.YMDhms = (about.day.year, about.day.month, about.day.day, 0, 0, 0)
    words = {name: escape(getattr(about, name)) for name in ("title", "author", "subject", "creator")}
    xmp = _stream(_XMP.format(**words, day=f"{about.day.isoformat()}T00:00:00+00:00").encode())
    xmp.dictionary["Type"], xmp.dictionary["Subtype"] = pdfdoc.PDFName("Metadata"), pdfdoc.PDFName("XML")
    xmp.filters = []  # ISO 19005-2, 6.6.2.1: read by programs that know nothing of PDF
    catalog = document.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
    catalog.Metadata = document.Reference(xmp)
    catalog.OutputIntents = pdfdoc.PDFArray([document.Reference(_intent(document))])


def settle(canvas: Any) -> None:
    """After the last page: ReportLab gives every page an empty transition, which an archived file may not have."""
    for page in canvas._doc.Pages.pages:
        page.Trans = None


def _intent(document: Any) -> Any:
    profile = _stream(_profile())
    profile.dictionary["N"] = 3
    return pdfdoc.PDFDictionary({
        "Type": pdfdoc.PDFName("OutputIntent"), "S": pdfdoc.PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": pdfdoc.PDFString("sRGB"), "DestOutputProfile": document.Reference(profile),
    })  # fmt: skip


@lru_cache(maxsize=1)
def _profile() -> bytes:
    return (RESOURCES / "srgb.icc").read_bytes()


def _stream(content: bytes) -> Any:
    stream = pdfdoc.PDFStream(pdfdoc.PDFDictionary({}), content)
    stream.filters = [pdfdoc.PDFZCompress]
    return stream
