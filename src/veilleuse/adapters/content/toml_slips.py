"""What people mistype in TOML, told by the line at which reading stopped: tomli's own words are for programmers."""

import re

from veilleuse.language import N_, sentence

Told = tuple[str, str]  # what is wrong, and the mend

_KEY = r"\s*[\w-]+\s*=\s*"
_SLIPS: tuple[tuple[str, Told], ...] = (
    (
        rf"{_KEY}[“”„«‘’].*",
        (N_("The quotation marks around this text are curly."), N_('Type straight ones: {key} = "...".')),
    ),
    (
        rf"{_KEY}(?:oui|non|yes|no|vrai|faux|True|False|TRUE|FALSE)\s*(?:#.*)?",
        (
            N_("This is neither true nor false."),
            N_("Write true or false, in small letters and without quotation marks."),
        ),
    ),
    (
        rf'{_KEY}"[^"]*\\[^"]*".*',
        (
            N_("A backslash (\\) has a meaning of its own in a text."),
            N_("Write / in its place, as in images/photo.jpg."),
        ),
    ),
    (
        rf'{_KEY}"(?!"")[^"]*',
        (
            N_("This text is not closed: a quotation mark is missing at the end of the line."),
            N_('A text of several lines stands between three of them: {key} = """...""".'),
        ),
    ),
    (
        rf'{_KEY}"(?!"").*',
        (
            N_("A quotation mark inside the text ends it too early."),
            N_('Write « » or “ ” around what is quoted, or \\" for each mark inside.'),
        ),
    ),
    (rf"{_KEY}", (N_("Nothing stands behind the = here."), N_('Write a text: {key} = "...".'))),
    (rf"{_KEY}.*", (N_("What stands behind the = is not between quotation marks."), N_('Write {key} = "...".'))),
    (
        r"\s*\[+\s*[\w-]+\s*\]*\s*(?:#.*)?",
        (N_("This is not how a post begins."), N_("Write [[post]], with two brackets on either side.")),
    ),
    (
        r"[^=]*[;\t][^=]*",
        (N_("This looks like a row of a spreadsheet."), N_("Name the file .csv, or write it as docs/posts.md shows.")),
    ),
    (
        r"[^=]*",
        (N_("A line without an = says nothing here."), N_('Write text = "...", all of it behind the = and in quotes.')),
    ),
)
_TWICE = re.compile(r"Cannot (?:overwrite a value|declare|mutate)|.*twice")


def slip(written: str, words: str) -> Told:
    """What to tell of a line that is no TOML; `words` are tomli's."""
    begins = written.lstrip().startswith("[")
    key = written.partition("=")[0].strip()[:80]
    if _TWICE.match(words) and not begins:
        return (
            sentence("`{key}` stands twice in one post.", key=key),
            sentence("Take one out; another post begins with a line [[post]]."),
        )
    for pattern, (message, remedy) in _SLIPS:
        if re.fullmatch(pattern, written):
            return sentence(message), sentence(remedy, key=key)
    return (
        sentence("This is not TOML: {words}.", words=words[:200]),
        sentence('A text stands between straight quotation marks: text = "...".'),
    )
