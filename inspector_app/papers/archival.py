"""What makes a PDF fit for archives (PDF/A-2b, ISO 19005-2:2011): metadata in XMP, a colour space, nothing that acts.

`tests/papers` has every paper judged by a validator of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from xml.sax.saxutils import escape

from ..places import RESOURCES
from .objects import File, deflated, ref, text

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


def info(about: About) -> str:
    """Title, author and so on where programs of before look for them; the metadata have to agree."""
    day = f"(D:{about.day:%Y%m%d}000000+00'00')"
    return (
        f"<</Title{text(about.title)}/Author{text(about.author)}/Subject{text(about.subject)}"
        f"/Creator{text(about.creator)}/Producer{text(about.creator)}/CreationDate{day}/ModDate{day}>>"
    )


def catalogue(file: File, about: About) -> str:
    """What the catalogue says: metadata, colour space, language, and that a window bears the title."""
    words = {name: escape(getattr(about, name)) for name in ("title", "author", "subject", "creator")}
    xmp = _XMP.format(**words, day=f"{about.day.isoformat()}T00:00:00+00:00").encode()
    # as it stands, for programs that know nothing of PDF (6.6.2.1)
    metadata = file.raw(xmp, "/Type/Metadata/Subtype/XML")
    profile = file.packed(_profile(), "/N 3")
    intent = file.add(
        f"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/DestOutputProfile {ref(profile)}>>"
    )
    return (
        f"/Metadata {ref(metadata)}/OutputIntents[{ref(intent)}]/Lang(zh-CN)/ViewerPreferences<</DisplayDocTitle true>>"
    )


@lru_cache(maxsize=1)
def _profile() -> bytes:
    return deflated((RESOURCES / "srgb.icc").read_bytes())
