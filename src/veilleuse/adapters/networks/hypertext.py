"""Between plain text and the HTML of blogs: paragraphs and links out, what a reader sees in."""

import re
from html import escape
from html.parser import HTMLParser

_BLOCKS = re.compile(
    "address|article|aside|blockquote|d[dlt]|div|fig(caption|ure)|footer|h[1-6r]|header|li|main|nav|ol|p|pre|"
    "section|table|tr|ul"
)
_UNSEEN = frozenset({"script", "style", "template"})
_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?…»'’)\]}]", re.IGNORECASE)


def paragraphs(text: str) -> str:
    """Safe HTML: a paragraph for each block of lines, an anchor for each whole link, nothing else."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return "\n".join(f"<p>{'<br />'.join(map(_line, block.splitlines()))}</p>" for block in blocks if block)


def plain(html: str) -> str:
    """The text a reader sees; blocks and line breaks become lines. Takes any text for HTML, as browsers do."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.seen).splitlines())
    return "\n".join(line for line in lines if line)


def _line(text: str) -> str:
    parts, end = [], 0
    for link in _LINK.finditer(text):
        address = escape(link[0])
        parts += [escape(text[end : link.start()], quote=False), f'<a href="{address}">{address}</a>']
        end = link.end()
    return "".join([*parts, escape(text[end:], quote=False)])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unseen += tag in _UNSEEN
        if _BLOCKS.fullmatch(tag) or tag == "br":
            self.seen.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if _BLOCKS.fullmatch(tag):
            self.seen.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.seen.append(data.replace("\n", " "))
