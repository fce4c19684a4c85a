"""Files of posts in TOML."""

import pytest

from tests.content_house import Folder, toml
from tests.domain.posts import utc

WINTER = """\
# L'hiver chez Acme
approved_by = "claire"

[[post]]
text = "Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ?"

[[post]]
id = "bonne-annee"
text = \"\"\"
Bonne année 🎉
[[post]] n'est pas un post ici.
\"\"\"
not_before = 2027-01-01
not_after = 2027-01-05
variants = { facebook = "Bonne année à tous !" }
"""


def test_a_file_of_posts_is_read_whole(folder: Folder) -> None:
    folder.write("acme-x.toml", WINTER)
    posts, verdicts = folder.read()
    assert verdicts == []
    assert [(post.source.line, post.named, post.approved_by) for post in posts] == [
        (4, False, "claire"),
        (7, True, "claire"),
    ]
    assert posts[1].text == "Bonne année 🎉\n[[post]] n'est pas un post ici."
    assert (posts[1].not_before, posts[1].not_after) == (utc("2026-12-31 23:00"), utc("2027-01-05 23:00"))
    assert posts[1].variants == {"facebook": ("Bonne année à tous !",)}


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_whatever_the_editor_wrote_the_text_is_the_same(folder: Folder, codec: str) -> None:
    folder.write("acme-x.toml", WINTER.replace("\n", "\r\n"), codec)
    posts, verdicts = folder.read()
    assert verdicts == []
    assert posts[1].text == "Bonne année 🎉\n[[post]] n'est pas un post ici."


def test_windows_1252_is_read_and_said(folder: Folder) -> None:
    folder.write("acme-x.toml", toml('text = "Plutôt l’été ?"'), "cp1252")
    (post,), (verdict,) = folder.read()
    assert post.text == "Plutôt l’été ?"
    assert str(verdict).startswith("acme-x.toml: note: This file is in Windows-1252")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[[post]]\ntext = "Bonjour\n', ":2: error: This text is not closed: a quotation mark is missing"),
        ("[[post]]\ntext = “Bonjour”\n", "The quotation marks around this text are curly."),
        ('[[post]]\ntext = "a"\ntext = "b"\n', "error: `text` stands twice in one post. Take one out;"),
        (
            'aproved_by = "claire"\n',
            ":1: error: `aproved_by` is no key of a file of posts. Did you mean `approved_by`?",
        ),
        ('[[posts]]\ntext = "a"\n', ":1: error: `posts` is no key of a file of posts. Did you mean `[[post]]`?"),
        ('[post]\ntext = "a"\n', ":1: error: `post` is written wrongly. Begin every post with a line [[post]]."),
        ('\ntext = "a"\n', ":2: error: `text` is no key of a file of posts."),
        ("account = 7\n", ":1: error: `account` is not a name."),
        ("approved_by = true\n", ":1: error: `approved_by` is not a name."),
        ("priority = " + "1" * 5000, "error: This TOML is beyond reading"),
        ("a = " + "[" * 5000, "error: This"),
        (b"\xff\xfe\x00", "error: It cannot be read"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_whole(folder: Folder, content: str | bytes, told: str) -> None:
    folder.write("acme-x.toml", content)
    posts, (verdict,) = folder.read()
    assert posts == []
    assert told in str(verdict)


def test_a_wrong_post_costs_itself_only_and_says_its_line(folder: Folder) -> None:
    folder.write(
        "acme-x.toml", toml('text = "Un"', 'text = "Deux"\nlink = "acme"', 'texte = "Trois"', 'text = "Quatre"')
    )
    posts, verdicts = folder.read()
    assert [post.text for post in posts] == ["Un", "Quatre"]
    assert [(verdict.source.line, verdict.post_id != "") for verdict in verdicts] == [
        (8, True),
        (11, False),
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2027-02-30", '"2027-02-30" does not exist'),
        ("2027-13-01", '"2027-13-01" does not exist'),
        ("2027-02-30 # un jour", '"2027-02-30" does not exist'),
        ("2027-02-30T10:00:00", '"2027-02-30T10:00:00" does not exist'),
        ("25:00:00", '"25:00:00" is not a date'),
        ("10:00:00", '"10:00:00" is not a date'),
    ],
)
def test_a_date_that_does_not_exist_costs_its_own_post_only(folder: Folder, written: str, told: str) -> None:
    folder.write("acme-x.toml", toml('text = "Un"', f'text = "Deux"\nnot_before = {written}', 'text = "Trois"'))
    posts, (verdict,) = folder.read()
    assert [post.text for post in posts] == ["Un", "Trois"]
    assert told in str(verdict)
    assert verdict.source.line == 8


def test_a_date_as_a_frenchman_writes_it_is_understood(folder: Folder) -> None:
    folder.write("acme-x.toml", toml('text = "Un"\nnot_before = 05/01/2027'))
    (post,), verdicts = folder.read()
    assert verdicts == []
    assert post.not_before == utc("2027-01-04 23:00")


def test_a_file_may_speak_for_several_accounts(folder: Folder) -> None:
    folder.write("noel.toml", toml('text = "Un"', top='accounts = ["acme-x", "acme-facebook"]\napproved_by = "claire"'))
    posts, verdicts = folder.read()
    assert verdicts == []
    assert [(post.account, post.approved_by) for post in posts] == [("acme-x", "claire"), ("acme-facebook", "claire")]


def test_of_several_accounts_an_unknown_one_is_told(folder: Folder) -> None:
    folder.write("noel.toml", toml('text = "Un"', top='accounts = ["acme-x", "acme-facebok"]'))
    (post,), (verdict,) = folder.read()
    assert post.account == "acme-x"
    assert str(verdict).startswith(
        'noel.toml: error: No account is called "acme-facebok". Did you mean "acme-facebook"?'
    )


def test_what_the_file_says_goes_before_its_name(folder: Folder) -> None:
    folder.write("acme-x.toml", toml('text = "Un"', top='account = "acme-facebook"'))
    assert [post.account for post in folder.posts()] == ["acme-facebook"]


def test_a_file_without_any_post_says_so(folder: Folder) -> None:
    folder.write("acme-x.toml", 'approved_by = "claire"\n')
    assert folder.verdicts() == ["acme-x.toml: note: There is no post in it."]


def test_what_is_no_post_among_posts_is_told(folder: Folder) -> None:
    folder.write("acme-x.toml", 'post = ["Bonjour", { text = "Salut" }]\n')
    posts, (verdict,) = folder.read()
    assert [post.text for post in posts] == ["Salut"]
    assert "This is no post. Begin every post with a line [[post]]." in str(verdict)
