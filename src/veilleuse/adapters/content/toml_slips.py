"""What people mistype in TOML, told by the line at which reading stopped: tomllib's own words are for programmers."""

import re

Told = tuple[str, str]  # what is wrong, and the mend

_KEY = r"\s*[\w-]+\s*=\s*"
_SLIPS: tuple[tuple[str, Told], ...] = (
    (
        rf"{_KEY}[“”„«‘’].*",
        ("The quotation marks around this text are curly.", 'Type straight ones: {key} = "...".'),
    ),
    (
        rf"{_KEY}(?:oui|non|yes|no|vrai|faux|True|False|TRUE|FALSE)\s*(?:#.*)?",
        ("This is neither true nor false.", "Write true or false, in small letters and without quotation marks."),
    ),
    (
        rf'{_KEY}"[^"]*\\[^"]*".*',
        ("A backslash (\\) has a meaning of its own in a text.", "Write / in its place, as in images/photo.jpg."),
    ),
    (
        rf'{_KEY}"(?!"")[^"]*',
        (
            "This text is not closed: a quotation mark is missing at the end of the line.",
            'A text of several lines stands between three of them: {key} = """...""".',
        ),
    ),
    (
        rf'{_KEY}"(?!"").*',
        (
            "A quotation mark inside the text ends it too early.",
            'Write « » or “ ” around what is quoted, or \\" for each mark inside.',
        ),
    ),
    (rf"{_KEY}", ("Nothing stands behind the = here.", 'Write a text: {key} = "...".')),
    (rf"{_KEY}.*", ("What stands behind the = is not between quotation marks.", 'Write {key} = "...".')),
    (
        r"\s*\[+\s*[\w-]+\s*\]*\s*(?:#.*)?",
        ("This is not how a post begins.", "Write [[post]], with two brackets on either side."),
    ),
    (
        r"[^=]*[;\t][^=]*",
        ("This looks like a row of a spreadsheet.", "Name the file .csv, or write it as docs/posts.md shows."),
    ),
    (r"[^=]*", ("A line without an = says nothing here.", 'Write text = "...", all of it behind the = and in quotes.')),
)
_TWICE = re.compile(r"Cannot (?:overwrite a value|declare|mutate)|.*twice")


def slip(written: str, words: str) -> Told:
    """What to tell of a line that is no TOML; `words` are tomllib's."""
    begins = written.lstrip().startswith("[")
    key = written.partition("=")[0].strip()[:80]
    if _TWICE.match(words) and not begins:
        return f"`{key}` stands twice in one post.", "Take one out; another post begins with a line [[post]]."
    for pattern, (message, remedy) in _SLIPS:
        if re.fullmatch(pattern, written):
            return message, remedy.replace("{key}", key)
    return f"This is not TOML: {words[:200]}.", 'A text stands between straight quotation marks: text = "...".'
