"""Other tools' files: what their columns mean here. A new tool is one entry.

Sources: users' accounts of Hootsuite's bulk file (its own page is gone), publer.com/blog/ultimate-csv-bulk-scheduler,
help.socialbee.com article 80; Buffer's columns are from memory. Names without case, "_" and "-" as blanks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from veilleuse.adapters.content.columns import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    title: str
    columns: Mapping[str, str]  # name -> meaning; of two names with the meaning "text" the earlier here wins
    positions: tuple[str, ...] = ()  # the meanings of a file without a first row of names
    divider: str = ""  # between several wordings in one cell

    known: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", {plain(name): meaning for name, meaning in self.columns.items()})


_TEXTS = ("text", "message", "content", "caption", "post", "body", "description", "texte", "contenu", "légende")
_DATES = ("date", "scheduled_at", "scheduleDate", "scheduled_time", "postAtSpecificTime", "Posting Time", "schedule")
_MEDIA = ("media", "Media URL(s)", "mediaUrls", "media_urls", "media_url", "Image URL", "image_urls", "imageUrls")
_FILMS = ("image", "images", "photo", "gifUrl", "gifUrls", "videoUrls", "video_url")
_LINKS = ("link", "Link(s)", "links", "url", "OGmetaUrl", "lien")
_ALTS = ("Alt text(s)", "alt", "alt_text", "texte alternatif")

TOOLS: Mapping[str, Tool] = {
    "hootsuite": Tool(
        title="Hootsuite",
        columns={"date": "when", "message": "text", "link": "link"},
        positions=("when", "text", "link"),
    ),
    "publer": Tool(
        title="Publer",
        columns={
            "date": "when",
            "text": "text",
            "message": "text",
            "Link(s)": "link",
            "link": "link",
            "Media URL(s)": "media",
            "media": "media",
            "Alt text(s)": "alt",
        },
        divider="||",
    ),
    "socialbee": Tool(
        title="SocialBee",
        columns={
            "text": "text",
            "link": "link",
            "postAtSpecificTime": "when",
            **dict.fromkeys(("imageUrls", "gifUrls", "videoUrls"), "media"),
        },
    ),
    "buffer": Tool(
        title="Buffer",
        columns={"text": "text", "Image URL": "media", "Posting Time": "when"},
    ),
}
ANY = Tool(
    title="any tool",
    columns={
        **dict.fromkeys(_TEXTS, "text"),
        **dict.fromkeys(_DATES, "when"),
        **dict.fromkeys(("time", "heure"), "time"),
        **dict.fromkeys((*_MEDIA, *_FILMS), "media"),
        **dict.fromkeys(_LINKS, "link"),
        **dict.fromkeys(_ALTS, "alt"),
    },
    positions=TOOLS["hootsuite"].positions,
)
