"""Texts as a network compares and counts them.

`normalise` makes one form of all the ways in which a network may show a text. `weigh_x` counts a text as X does.
"""

import contextlib
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator

import regex

# What a network may add or lose at either end: zero-width space, joiners, direction marks, word joiner, BOM.
_ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_VARIATION_SELECTORS = {0xFE0E: None, 0xFE0F: None}

_LINK = regex.compile(
    r"""(?P<scheme>(?:https?://)+)?(?:www\.)*
        (?P<host>(?(scheme)[^/?\#"<>]+|[\p{L}\p{N}_-]++(?:\.[\p{L}\p{N}_-]++)+))
        (?P<rest>[/?\#][^"<>]*)?""",
    regex.VERBOSE | regex.IGNORECASE,
)
_AMPERSANDS = regex.compile(r"&(?:amp;)+")  # escaped more than once
_CLOSING = ".,;:!?…»\"'’”)]}"  # after a link, these belong to the sentence
_ESCAPED_LETTERS = regex.compile(r"(?:%[89A-F][0-9A-F])+", regex.IGNORECASE)


def normalise(text: str) -> str:
    """One form for every way in which a network may show this text. Idempotent; letters keep their case.

    HTML entities, NFC, variation selectors, zero-width characters at the ends, white space, and links: without scheme
    and `www.`, host in lower case, no slash at the end.
    """
    while (simpler := _simplify(text)) != text:
        text = simpler
    return text


def text_id(text: str) -> str:
    """The name of a post without id: the first 8 hex digits of its normalised text's SHA-256."""
    return hashlib.sha256(normalise(text).encode(errors="replace")).hexdigest()[:8]


def _simplify(text: str) -> str:
    if "&" in text:
        text = html.unescape(_AMPERSANDS.sub("&", text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_VARIATION_SELECTORS)
    words = [_LINK.sub(_shorten, word) if "." in word[:-1] or "//" in word else word for word in text.split()]
    return " ".join(words).strip(_ZERO_WIDTH)


def _shorten(link: regex.Match[str]) -> str:
    host, rest = link["host"], link["rest"] or ""
    written = (host + rest).rstrip(_CLOSING)
    closing = (host + rest)[len(written) :]
    host, rest = written[: len(host)].lower(), written[len(host) :].rstrip("/")
    if "xn--" in host:
        with contextlib.suppress(UnicodeError):  # not a real one: it stays as written
            host = host.encode("ascii").decode("idna")
    return host + _ESCAPED_LETTERS.sub(_letters, rest) + closing


def _letters(escaped: regex.Match[str]) -> str:
    try:
        return bytes.fromhex(escaped[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return escaped[0]


# --- X's count ----------------------------------------------------------------------------------------------------
# twitter-text, config/v3.json: of the NFC form, a link weighs 23, an emoji 2, a character 1, or 2 if in this class.

_HEAVY = re.compile(r"[^\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")
_LINK_WEIGHT = 23
_EMOJI_WEIGHT = 2

# UTS #51 sequences. Digits, #, *, © and ® are emoji only with U+FE0F or a keycap; U+FE0E asks for a letter.
_EMOJI = regex.compile(
    r"""\p{RI}\p{RI}
      | [0-9\#*]\uFE0F?\u20E3
      | [©®]\uFE0F
      | (?![0-9\#*©®])\p{Emoji}(?:\p{EMod}|\uFE0F|(?!\uFE0E))(?:[\U000E0020-\U000E007E]+\U000E007F)?
        (?:\u200D\p{Emoji}(?:\p{EMod}|\uFE0F)?)*""",
    regex.VERBOSE,
)
_DOTTED = regex.compile(r"\.\w")  # a cheap first look: most texts hold no link
_WORD = regex.compile(r"\S+")
_X_LINK = regex.compile(
    r"""(?<![\p{L}\p{N}@＠$\#＃])
        (?P<scheme>https?://)?
        (?(scheme)|(?<![-_./]))
        (?P<host>(?:[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?\.)+(?P<tld>xn--[a-z0-9-]+|\p{L}{2,}))(?![\p{L}\p{N}@+-])
        (?::[0-9]+)?
        (?P<rest>[/?](?:[^\s"<>]*[^\s"<>.,;:!?…»'’”()\[\]])?)?""",
    regex.VERBOSE | regex.IGNORECASE,
)
# Top-level domains that X surely knows, beside a country's two letters. Any other word is a doubt.
_KNOWN_TLD = regex.compile(
    r"""[a-z]{2} | com | net | org | info | biz | name | pro | edu | gov | mil | int | mobi | jobs | tel | travel | coop
      | aero | museum | cat | asia | app | dev | page | blog | shop | store | online | site | tech | cloud | agency
      | bzh | paris | corsica | alsace | eus | brussels | africa | london | berlin | wien | swiss
      | email | events | news | media | social | studio | design | group | company | solutions | services""",
    regex.VERBOSE,
)


def weigh_x(text: str) -> int:
    """The length of a text as X counts it; its limit is 280. Where a link is in doubt, the heavier answer."""
    text = unicodedata.normalize("NFC", text)
    if "." not in text:
        return _weigh_letters(text)
    weight, position = 0, 0
    for link in _x_links(text):
        weight += _weigh_letters(text[position : link.start()])
        weight += _LINK_WEIGHT if _surely_a_link(link) else max(_LINK_WEIGHT, _weigh_letters(link[0]))
        position = link.end()
    return weight + _weigh_letters(text[position:])


def holds_link(text: str) -> bool:
    """Whether X may take something in this text for a link."""
    return any(_x_links(unicodedata.normalize("NFC", text)))


def links(text: str) -> Iterator[tuple[int, int]]:
    """Where links surely stand, by start and end in characters: with a scheme, or a bare domain (`acme.fr/offres`)."""
    for link in _x_links(text):
        if link["scheme"] or _surely_a_link(link):
            yield link.span()


def _x_links(text: str) -> Iterator[regex.Match[str]]:
    """All that may be links. They hold a dot and no white space: other words are not tried, which would take long."""
    if _DOTTED.search(text):
        for word in _WORD.finditer(text):
            if "." in word[0]:
                yield from _X_LINK.finditer(text, *word.span())


def _surely_a_link(link: regex.Match[str]) -> bool:
    """A scheme and a known domain, or a bare ASCII one; not every bare country domain is one (`it.so`)."""
    host, tld = link["host"], link["tld"].lower()
    if not _KNOWN_TLD.fullmatch(tld):
        return False
    try:
        host.encode("idna")  # no label longer than 63
    except UnicodeError:
        return False
    return bool(link["scheme"]) or (host.isascii() and (len(tld) > 2 or bool(link["rest"])))


def _weigh_letters(text: str) -> int:
    if not _HEAVY.search(text):  # every emoji holds a heavy character
        return len(text)
    letters, emojis = _EMOJI.subn("", text)
    return _EMOJI_WEIGHT * emojis + len(letters) + len(_HEAVY.findall(letters))
