"""What a person wrote, and the judge's word on it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.posts import utc
from veilleuse.domain.account import Account, AccountKind
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.hours import Hours
from veilleuse.domain.judge import Judge
from veilleuse.domain.keys import KEYS
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.post import Image, Post, Source
from veilleuse.domain.rule import Approval, Rule
from veilleuse.domain.text import text_id, weigh_x
from veilleuse.domain.written import Wrong
from veilleuse.language import Sentence

NOW = utc("2026-11-20 10:00")
SOURCE = Source(file="acme-x.toml", line=8)
PHOTO = Image(sha256="0" * 64, media_type="image/jpeg", size=1000, name="vitrine.jpg")


def spec(name: str, title: str, limit: int, **more: object) -> NetworkSpec:
    return NetworkSpec(
        name=name,
        title=title,
        keys=(),
        identity_key="handle",
        secrets=(),
        limit=limit,
        measure=weigh_x if name == "x" else len,
        link_in_text=name == "x",
        **more,  # type: ignore[arg-type]
    )


JPEG_ONLY = {"image_types": frozenset({"image/jpeg"}), "image_max_bytes": 5_000_000, "alt_max": 100}
SPECS = {
    "x": spec("x", "X", 280, **JPEG_ONLY),
    "facebook": spec("facebook", "Facebook", 63_206, **JPEG_ONLY),
    "mastodon": spec("mastodon", "Mastodon", 500, content_warnings=True),
}


def account(name: str = "acme-x", network: str = "x", **more: object) -> Account:
    rule = Rule(hours=Hours(zone=ZoneInfo("Europe/Paris")), approval=more.pop("approval", Approval.FILE))  # type: ignore[arg-type]
    defaults: dict[str, object] = {"owner": "claire", "language": "fr", "rule": rule, "identity": name}
    return Account(name=name, network=network, **{**defaults, **more})  # type: ignore[arg-type]


def judged(
    fields: Mapping[str, object], of: Account | None = None, **more: object
) -> tuple[Post | None, list[Verdict]]:
    post, verdicts = Judge(of or account(), SPECS, NOW).judge(fields, SOURCE, 0, **more)  # type: ignore[arg-type]
    return post, list(verdicts)


def accepted(fields: Mapping[str, object], of: Account | None = None, **more: object) -> Post:
    post, verdicts = judged(fields, of, **more)
    assert verdicts == []
    assert post is not None
    return post


def only_verdict(fields: Mapping[str, object], of: Account | None = None, **more: object) -> tuple[Post | None, str]:
    post, (verdict,) = judged(fields, of, **more)
    return post, str(verdict)


def test_a_text_alone_is_a_draft_named_by_its_text() -> None:
    post = accepted({"text": "Plutôt matin ou soir ?"})
    assert (post.id, post.named, post.approved_by) == (text_id("Plutôt matin ou soir ?"), False, None)


def test_every_field_finds_its_place() -> None:
    post, verdicts = judged(
        {
            "id": "bonne-annee",
            "text": "  Bonne année !\r\nVotre vœu pour 2027 ?\n",
            "link": "https://acme.fr/voeux",
            "alt": "La vitrine sous la neige",
            "image": "vitrine.jpg",
            "variants": {"mastodon": "Bonne année à tous 🎉", "x": ["Bonne année !", "Meilleurs vœux !"]},
            "priority": 3,
            "reserve": True,
            "reserve_gap": "30 days",
            "max_uses": 2,
            "not_before": date(2027, 1, 1),
            "not_after": date(2027, 1, 5),
            "approved_by": "Claire",
        },
        image=PHOTO,
    )
    assert [verdict.message[:12] for verdict in verdicts] == ["X bills a po"]
    assert post == Post(
        account="acme-x",
        id="bonne-annee",
        named=True,
        text="Bonne année !\nVotre vœu pour 2027 ?",
        source=SOURCE,
        link="https://acme.fr/voeux",
        image=PHOTO,
        alt="La vitrine sous la neige",
        variants={"mastodon": ("Bonne année à tous 🎉",), "x": ("Bonne année !", "Meilleurs vœux !")},
        priority=3,
        reserve=True,
        reserve_gap=timedelta(days=30),
        max_uses=2,
        not_before=utc("2026-12-31 23:00"),
        not_after=utc("2027-01-05 23:00"),
        approved_by="claire",
        order=("acme-x.toml", 0),
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "There is no text. Write one, or take the post out."),
        ({"text": " \u00a0\n"}, "There is no text."),
        ({"text": 12}, '"12" is not a text. Write it between quotation marks'),
        ({"text": "é" * 281}, "1 character too long for X: 281 as X counts, 280 at most. Shorten it by 1."),
        ({"text": "é" * 260, "link": "https://acme.fr/" + "a" * 80}, "4 characters too long for X: 284 as X counts"),
        ({"text": "Plutôt\x07matin"}, "a character nobody can read (U+0007)"),
        ({"text": "Plut\ufffdt matin"}, "a character nobody can read (U+FFFD)"),
        ({"text": "PlutÃ´t matin"}, 'Its accents are garbled: "PlutÃ´t matin".'),
        ({"text": "Lâ€™hiver"}, "Its accents are garbled"),
        ({"text": "a", "id": "bonne année"}, '"bonne année" cannot be an id. Use letters, digits'),
        ({"text": "a", "id": "n" * 81}, "cannot be an id"),
        ({"text": "a", "id": True}, "is not a whole number"),
        (
            {"text": "a", "link": "acme.fr"},
            '"acme.fr" is not a web address. Write it in full, beginning with https://.',
        ),
        ({"text": "a", "link": "ftp://acme.fr"}, "is not a web address"),
        ({"text": "a", "link": "https://acme.fr/a b"}, "is not a web address"),
        ({"text": "a", "link": "https://[acme"}, "is not a web address"),
        ({"text": "a", "variants": {"mastodont": "b"}}, 'No network is called "mastodont". Did you mean "mastodon"?'),
        ({"text": "a", "variants": {"tiktok": "b"}}, "There are facebook, mastodon, x."),
        ({"text": "a", "variants": {"mastodon": "é" * 501}}, "The wording for Mastodon is 1 character too long"),
        ({"text": "a", "variants": {"mastodon": " "}}, "A wording for Mastodon is empty."),
        ({"text": "a", "variants": {"x": []}}, '"[]" is not a text'),
        ({"text": "a", "variants": "b"}, "It does not say for which network."),
        ({"text": "a", "priority": "haute"}, '"haute" is not a whole number'),
        ({"text": "a", "priority": 2.5}, '"2.5" is not a whole number'),
        ({"text": "a", "priority": 10**5000}, "a number without end"),
        ({"text": "a", "reserve": "peut-être"}, '"peut-être" is neither yes nor no.'),
        ({"text": "a", "reserve": True, "reserve_gap": "souvent"}, '"souvent" is not a duration. Write, say, "7 days"'),
        ({"text": "a", "reserve": True, "max_uses": 0}, "0 uses are none."),
        ({"text": "a", "not_before": "30/02/2027"}, 'not before: "30/02/2027" does not exist.'),
        ({"text": "a", "not_before": "2027-02-29"}, '"2027-02-29" does not exist.'),
        ({"text": "a", "not_before": "5 janvier"}, '"5 janvier" is not a date. Write it as 31/01/2027 (or 2027-01-31)'),
        (
            {"text": "a", "not_before": "05/01/27"},
            'Two digits are no year: "05/01/27". Write all four, say, 05/01/2027.',
        ),
        ({"text": "a", "not_before": "2027-01-05 25:00"}, "does not exist"),
        ({"text": "a", "not_before": date(2727, 1, 1)}, "The year 2727 is hardly meant."),
        ({"text": "a", "not_before": date(1, 1, 1)}, "The year 1 is hardly meant."),
        (
            {"text": "a", "not_before": "2027-01-05", "not_after": "2027-01-01"},
            "It ends before it begins.",
        ),
        ({"text": "a", "not_befor": "2027-01-05"}, "`not_befor` is no key of a post. Did you mean `not_before`?"),
        ({"text": "a", "account": "acme-x"}, "Write `account` once at the top of the file"),
        ({"text": "a", "hashtags": ["x"]}, "A post may have alt, approved_by, content_warning, id"),
        ({"text": "a", "alt": "é" * 101, "image": "a.jpg"}, "The alternative text has 101 characters, at most 100."),
    ],
)
def test_a_mistake_is_told_with_its_mend_and_the_post_does_not_enter(fields: dict[str, object], told: str) -> None:
    post, verdict = only_verdict(fields, image=PHOTO if "image" in fields else None)
    assert post is None
    assert told in verdict
    assert verdict.startswith("acme-x.toml:8: error acme-x")


def test_all_mistakes_of_a_post_are_told_at_once() -> None:
    post, verdicts = judged({"text": "é" * 300, "link": "acme", "reserve": "non merci", "colour": "red"})
    assert post is None
    assert len(verdicts) == 4


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": "a", "alt": "La vitrine"}, "There is an alternative text, but no image."),
        ({"text": "a", "not_after": "2026-11-19"}, "Its last day has passed"),
        ({"text": "a", "max_uses": 3}, "mean something for a reserve post only"),
        ({"text": "a", "link": "https://acme.fr"}, "X bills a post with a link 0.20 USD instead of 0.015."),
        ({"text": "Voir https://acme.fr"}, "X bills a post with a link"),
        ({"text": "a", "reserve": True, "max_uses": 3}, "said 3 times, and X refuses identical texts: with 1 wording"),
        ({"text": "Demain, on ferme"}, '"Demain" is true on one day only'),
        (
            {"text": "Le 12 décembre, on ferme"},
            '"12 décembre" and may be said after that day. Give it a last day: not ',
        ),
        ({"text": "Le 12 décembre, on ferme", "not_after": "2026-12-13"}, "not after 12/12/2026 (or 2026-12-12)."),
        ({"text": "Ouvert le 5 janvier", "not_before": "2027-01-06"}, "not after 05/01/2028 (or 2028-01-05)."),
        ({"text": "a", "variants": {"mastodon": "é" * 281}}, "is long: 281 characters. The rule is a short message"),
        ({"text": "a", "approved_by": "paul"}, "paul may not approve for acme-x; claire may. It stays a draft"),
    ],
)
def test_a_doubt_is_told_and_the_post_enters(fields: dict[str, object], told: str) -> None:
    post, verdict = only_verdict(fields)
    assert post is not None
    assert told in verdict
    assert ": warning acme-x/" in verdict


def test_a_price_is_told_to_each_reader_as_their_language_writes_it() -> None:
    _, (told,) = judged({"text": "a", "link": "https://acme.fr"})
    assert isinstance(told.message, Sentence)
    assert told.message.by_language == {
        "en": "X bills a post with a link 0.20 USD instead of 0.015.",
        "fr": "X facture 0,20\u00a0USD un message avec un lien, au lieu de 0,015.",
    }


def test_a_link_beside_a_text_that_holds_it_is_told() -> None:
    _, verdicts = judged({"text": "Voir https://acme.fr", "link": "https://acme.fr"})
    assert "stands in the text already" in str(verdicts[0])


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "Le 12 décembre, on ferme", "not_after": "2026-12-12"},
        {"text": "Vendredi, on ferme", "not_after": "2026-12-12"},
        {"text": "Ouvert du lundi au vendredi"},
        {"text": "Demain, on ferme", "variants": {"x": "On ferme le lendemain de Noël"}},
        {"text": "a", "reserve": True, "max_uses": 2, "variants": {"x": ["b", "c"]}},
    ],
)
def test_what_was_thought_of_is_not_told(fields: dict[str, object]) -> None:
    assert judged(fields)[1] == []


def test_links_cost_nothing_more_and_words_may_come_again_elsewhere_than_on_x() -> None:
    accepted({"text": "a", "link": "https://acme.fr", "reserve": True}, account("acme-facebook", "facebook"))


def test_a_reserve_post_without_a_maximum_learns_how_often_x_takes_it() -> None:
    _, verdict = only_verdict({"text": "a", "reserve": True})
    assert ": note acme-x/" in verdict
    assert "said again and again, and X refuses identical texts: with 1 wording it is said as often" in verdict


def test_a_text_longer_than_280_draws_a_warning_where_it_fits() -> None:
    on_facebook = account("acme-facebook", "facebook")
    assert judged({"text": "é" * 280}, on_facebook)[1] == []
    post, verdict = only_verdict({"text": "é" * 281}, on_facebook)
    assert post is not None
    assert "The text is long: 281 characters." in verdict


def test_a_text_too_long_for_x_is_fine_when_x_has_its_own_wording() -> None:
    post, verdicts = judged({"text": "é" * 300, "variants": {"x": "Court."}})
    assert post is not None
    assert verdicts == []


def test_nobody_but_an_approver_approves() -> None:
    assert accepted({"text": "a", "approved_by": "claire"}).approved_by == "claire"
    of_two = account(approvers=("anna", "boris"))
    assert accepted({"text": "a", "approved_by": "boris"}, of_two).approved_by == "boris"
    post, verdict = only_verdict({"text": "a", "approved_by": "claire"}, of_two)
    assert post is not None
    assert post.approved_by is None
    assert "claire may not approve for acme-x; anna and boris may." in verdict


def test_what_nobody_sees_around_a_name_does_not_change_it() -> None:
    post, _ = judged(
        {"id": "\u200eun\u200b", "text": "a", "approved_by": "Claire\u200b", "link": "https://acme.fr\u200b"}
    )
    assert post is not None
    assert (post.id, post.approved_by, post.link) == ("un", "claire", "https://acme.fr")


@pytest.mark.parametrize("nothing", ["\u200b", "\ufeff \u00ad\u00a0", "\u200e", "\u200d\u2060"])
def test_a_text_that_nobody_can_see_is_none(nothing: str) -> None:
    post, verdict = only_verdict({"id": "un", "text": nothing})
    assert post is None
    assert "There is no text." in verdict


def test_a_text_loses_what_nobody_sees_at_its_ends_and_keeps_it_inside() -> None:
    assert accepted({"text": "\ufeff a\u200bb\u200f\u200b\u00a0"}).text == "a\u200bb\u200f"


@pytest.mark.parametrize("error", ["#NOM?", "#NAME?", "#N/A", "#VALEUR!", "#REF!", "#NOM\u00a0?"])
def test_what_a_spreadsheet_shows_in_place_of_a_result_is_no_text(error: str) -> None:
    post, verdict = only_verdict({"text": error})
    assert post is None
    assert "The cell shows the error #" in verdict
    assert accepted({"text": f"{error[:4]} : que veut dire ce mot ?"}).text


def test_the_name_at_the_top_approves_all_but_what_says_otherwise() -> None:
    top = ("claire", Source(file="acme-x.toml", line=1))
    assert accepted({"text": "a"}, approver=top).approved_by == "claire"
    assert accepted({"text": "a", "approved_by": ""}, approver=top).approved_by is None
    post, _ = only_verdict({"text": "a", "approved_by": "paul"}, approver=top)
    assert post is not None
    assert post.approved_by is None


def test_a_wrong_name_at_the_top_is_told_of_the_file_and_not_of_each_post() -> None:
    top = ("paul", Source(file="acme-x.toml", line=1))
    told = {only_verdict({"text": text}, approver=top)[1] for text in ("a", "b", "c")}
    assert told == {
        "acme-x.toml:1: warning acme-x: paul may not approve for acme-x; claire may. "
        "It stays a draft until one of them is named."
    }


def test_where_approval_is_signed_a_name_in_the_file_approves_nothing() -> None:
    post, verdict = only_verdict({"text": "a", "approved_by": "claire"}, account(approval=Approval.SIGNED))
    assert post is not None
    assert post.approved_by is None
    assert "note" in verdict


def test_a_post_for_a_reserved_name_is_told_that_it_will_never_be_said() -> None:
    _, verdict = only_verdict({"text": "a"}, account(kind=AccountKind.RESERVED))
    assert "acme-x is only reserved and watched" in verdict


@pytest.mark.parametrize("yes", ["yes", "oui", "x", "X", "1", "Oui", True, 1])
def test_many_words_mean_yes(yes: object) -> None:
    assert accepted({"text": "a", "reserve": yes}, account("acme-facebook", "facebook")).reserve


@pytest.mark.parametrize("no", ["non", "no", "0", False])
def test_many_words_mean_no(no: object) -> None:
    assert not accepted({"text": "a", "reserve": no}).reserve


@pytest.mark.parametrize(
    ("written", "first", "too_late"),
    [
        (date(2027, 1, 5), "2027-01-04 23:00", "2027-01-05 23:00"),
        ("2027-01-05", "2027-01-04 23:00", "2027-01-05 23:00"),
        ("05/01/2027", "2027-01-04 23:00", "2027-01-05 23:00"),
        ("5/1/2027", "2027-01-04 23:00", "2027-01-05 23:00"),
        ("2027-07-14", "2027-07-13 22:00", "2027-07-14 22:00"),
        ("2027-01-05 09:30", "2027-01-05 08:30", "2027-01-05 08:30"),
        ("05/01/2027 9h30", "2027-01-05 08:30", "2027-01-05 08:30"),
        ("05/01/2027 9h", "2027-01-05 08:00", "2027-01-05 08:00"),
        ("05/01/2027 à 9\u00a0h\u00a030", "2027-01-05 08:30", "2027-01-05 08:30"),
        ("05.01.2027", "2027-01-04 23:00", "2027-01-05 23:00"),
        ("\u200e05/01/2027\u200b", "2027-01-04 23:00", "2027-01-05 23:00"),
        ("1er janvier 2027", "2026-12-31 23:00", "2027-01-01 23:00"),
        ("le 5 Février 2027 à 9 h", "2027-02-05 08:00", "2027-02-05 08:00"),
        ("29 février 2028", "2028-02-28 23:00", "2028-02-29 23:00"),
        ("2027-01-05T09:30:00Z", "2027-01-05 09:30", "2027-01-05 09:30"),
        ("2027-01-05 09:30+02:00", "2027-01-05 07:30", "2027-01-05 07:30"),
        (datetime(2027, 1, 5, 9, 30), "2027-01-05 08:30", "2027-01-05 08:30"),
        (datetime(2027, 1, 5, 9, 30, tzinfo=timezone(timedelta(hours=5))), "2027-01-05 04:30", "2027-01-05 04:30"),
        # The night the clocks go forward in Paris has 23 hours, the night they go back 25.
        ("2027-03-28", "2027-03-27 23:00", "2027-03-28 22:00"),
        ("2027-10-31", "2027-10-30 22:00", "2027-10-31 23:00"),
    ],
)
def test_dates_are_the_accounts_own_and_the_last_day_counts(written: object, first: str, too_late: str) -> None:
    assert accepted({"text": "a", "not_before": written}).not_before == utc(first)
    assert accepted({"text": "a", "not_after": written}).not_after == utc(too_late)


@pytest.mark.parametrize("written", ["05/01/2027 9:", "05/01/2027 9", "31 février 2027", "5 janvier", "05/01/2027 9h3"])
def test_half_a_date_is_none(written: str) -> None:
    post, _ = judged({"text": "a", "not_before": written})
    assert post is None


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("05/01/2027", "Write 2027-01-05 or 2027-05-01; or give"),
        ("31/12/2026", "Write 2026-12-31; or give"),
        ("12/31/2026", "Write 2026-12-31; or give"),
        ("05/05/2027", "Write 2027-05-05; or give"),
        ("77/77/2026", "Write it as 2027-01-31; or give"),
        ("31/02/2027", "Write it as 2027-01-31; or give"),
    ],
)
def test_a_date_with_slashes_is_refused_where_the_day_may_not_come_first(written: str, mend: str) -> None:
    post, verdict = only_verdict({"text": "a", "not_before": written}, account(language="en"))
    assert post is None
    assert mend in verdict
    assert 'language = "fr"' in verdict


@pytest.mark.parametrize(
    ("language", "fields", "english", "french"),
    [
        (
            "fr",
            {"not_before": "demain"},
            "Write it as 31/01/2027 (or 2027-01-31), or with a time as 31/01/2027 09:30.",
            "Écrivez 31/01/2027 (ou 2027-01-31), ou avec une heure\u00a0: 31/01/2027 09:30.",
        ),
        (
            "en",
            {"not_before": "demain"},
            "Write it as 2027-01-31, or with a time as 2027-01-31 09:30.",
            "Écrivez 2027-01-31, ou avec une heure\u00a0: 2027-01-31 09:30.",
        ),
        (
            "fr",
            {"text": "Le 12 décembre, on ferme"},
            "Give it a last day: not after 12/12/2026 (or 2026-12-12).",
            "Donnez-lui un dernier jour\u00a0: pas après 12/12/2026 (ou 2026-12-12).",
        ),
        (
            "en",
            {"text": "Closed on 12 December 2026"},
            "Give it a last day: not after 2026-12-12.",
            "Donnez-lui un dernier jour\u00a0: pas après 2026-12-12.",
        ),
        (
            "fr",
            {"not_after": "5.1.27"},
            "Write all four, say, 5/1/2027.",
            "Écrivez les quatre, par exemple 5/1/2027.",
        ),
        (
            "en",
            {"not_after": "5.1.27"},
            "Write all four, say, 2027-01-05 or 2027-05-01.",
            "Écrivez les quatre, par exemple 2027-01-05 ou 2027-05-01.",
        ),
        (
            "en",
            {"not_after": "77/77/27"},
            "Write all four, say, 2027-01-31.",
            "Écrivez les quatre, par exemple 2027-01-31.",
        ),
    ],
)
def test_a_mend_writes_days_as_the_account_takes_them_whoever_reads_it(
    language: str, fields: dict[str, object], english: str, french: str
) -> None:
    of = account(language=language)
    _, (told,) = judged({"text": "a", **fields}, of)
    assert isinstance(told.remedy, Sentence)
    assert told.remedy.by_language == {"en": english, "fr": french}
    named = re.findall(r"\d+[/-]\d+[/-]\d+(?: \d\d:\d\d)?", english)
    for day in named:
        assert accepted({"text": "a", "not_after": day}, of).not_after


@pytest.mark.parametrize(
    ("image", "of", "told"),
    [
        (
            replace(PHOTO, size=5_000_001),
            "x",
            "vitrine.jpg is too large for X: 5.1 MB, at most 5.0 MB. Save it smaller.",
        ),
        (replace(PHOTO, media_type="image/webp"), "x", "vitrine.jpg is WEBP; X takes JPEG."),
        (replace(PHOTO, media_type=""), "x", "vitrine.jpg is no picture known here; X takes JPEG."),
        (PHOTO, "mastodon", "Mastodon takes no image here."),
        (Wrong("There is no image.", "Put it there."), "x", "There is no image. Put it there."),
    ],
)
def test_an_image_the_network_would_refuse_is_refused_here(image: Image | Wrong, of: str, told: str) -> None:
    post, verdict = only_verdict({"text": "a", "image": "vitrine.jpg", "alt": "b"}, account(network=of), image=image)
    assert post is None
    assert told in verdict


def test_a_content_warning_that_would_not_be_shown_is_said() -> None:
    post, verdict = only_verdict({"text": "a", "content_warning": " Chiffres "})
    assert post is not None
    assert post.content_warning == "Chiffres"
    assert "X knows no content warning" in verdict


def test_a_content_warning_counts_where_it_is_shown() -> None:
    on_mastodon = account(network="mastodon")
    assert accepted({"text": "a" * 280, "content_warning": ""}, of=on_mastodon).content_warning is None
    shown = SPECS["mastodon"]
    assert (shown.length("a" * 490, "b" * 11), SPECS["x"].length("a" * 280, "b")) == (501, 280)
    post, verdict = only_verdict({"text": "a" * 490, "content_warning": "b" * 11}, on_mastodon)
    assert post is None
    assert "1 character too long for Mastodon: 501" in verdict


def test_an_image_without_words_for_the_blind_draws_a_warning() -> None:
    post, verdict = only_verdict({"text": "a", "image": "vitrine.jpg"}, image=PHOTO)
    assert post is not None
    assert post.image == PHOTO
    assert "vitrine.jpg has no alternative text" in verdict


def test_a_verdict_bears_the_line_of_its_key() -> None:
    places = {"text": 9, "link": 10}
    _, verdicts = judged(
        {"text": "é" * 300, "link": "acme"}, locate=lambda key: Source(file="acme-x.toml", line=places[key])
    )
    assert sorted(str(verdict.source) for verdict in verdicts) == ["acme-x.toml:10", "acme-x.toml:9"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(KEYS)) | st.text(max_size=8), ANYTHING, max_size=8))
def test_whatever_is_written_there_is_a_post_or_an_error_and_never_a_crash(fields: dict[str, object]) -> None:
    post, verdicts = judged(fields)
    assert (post is None) == any(verdict.severity is Severity.ERROR for verdict in verdicts)
    if post is not None:
        assert post.text
        assert weigh_x(post.wordings("x")[0]) <= 280
        assert post.not_before is None or post.not_before.tzinfo is UTC
