"""Every mistake a configuration can hold: where it is said to be, and what is said of it."""

from pathlib import Path

import pytest

from tests.config.house import MINIMAL, SPECS, problems
from veilleuse.config import ConfigInvalid, load

# The account acme-x of the minimal configuration is lines 6 to 9; what a row adds to it stands on line 10.
ACCOUNT = [
    ('max_silence = "7 dys"', "max_silence", '"7 dys" is not a duration', '"7 days"'),
    ("max_silence = 7", "max_silence", "must be a duration in quotes, not a number", '"7 days"'),
    ('max_silence = "0 days"', "max_silence", "no time at all", "1 minute"),
    ('max_silence = "99999 days"', "max_silence", "longer than ten years", "3650 days"),
    ('lead = "7 days"', "lead", "lead (7 days) must be shorter than max_silence (7 days)", "Write a shorter lead"),
    ('max_silence = "20h"', "max_silence", "lead (1 day) must be shorter than max_silence (20 hours)", "shorter lead"),
    ('min_gap = "8 days"', "min_gap", "min_gap (8 days) must be shorter", "shorter min_gap"),
    ("max_per_day = 0", "max_per_day", "out of range", "from 1 to 1440"),
    ('max_per_day = "2"', "max_per_day", "must be a whole number, not text", "without quotes"),
    ("max_per_day = true", "max_per_day", "must be a whole number, not true or false", "without quotes"),
    ('timezone = "Europe/Pari"', "timezone", "is no time zone", 'Did you mean "Europe/Paris"?'),
    ('timezone = "Europe"', "timezone", "is no time zone", ""),
    ('timezone = "Nowhere"', "timezone", "is no time zone", 'such as "Europe/Paris"'),
    ('hours = ["Mon-Fri 9:00-18:00"]', "hours", "is not HH:MM-HH:MM", "09:00-18:00"),
    ('hours = ["Mon 22:00-06:00"]', "hours", "crosses midnight", "two windows"),
    ("hours = []", "hours", "empty list", "leave the key out"),
    ("hours = [9, 18]", "hours", "must be text, not a number", "in quotes"),
    ('holidays = "France"', "holidays", '"France" is no country', '"FR"'),
    ('holidays = "DE-XX"', "holidays", '"DE-XX" is no country', '"DE-BY"'),
    ('quiet_days = ["2026-02-30"]', "quiet_days", '"2026-02-30" is no day', "2026-12-24"),
    ('quiet_days = ["2027-01-02/2026-12-24"]', "quiet_days", "is no span of days, the first one first", "2026-12-24"),
    ("quiet_days = [2026-12-24T10:00:00]", "quiet_days", "not a date or time", "2026-12-24"),
    ('activity = ["like"]', "activity", 'cannot be "like"', '"post" or "reply" or "repost"'),
    ('approval = "none"', "approval", 'cannot be "none"', '"file" or "signed"'),
    ("when_blind = true", "when_blind", "cannot be true or false", '"silent" or "speak"'),
    ('kind = "company"', "kind", 'cannot be "company"', '"professional" or "personal" or "reserved"'),
    ('language = "de"', "language", 'cannot be "de"', '"en" or "fr"'),
    ("about = [1]", "about", "must be text, not a list", "in quotes"),
    ('about = """a\nb"""', "about", "line break", "one line"),
    ('about = ""', "about", "is empty", "leave the key out"),
    ('budget_usd = "5"', "budget_usd", "must be a number, not text", "without quotes"),
    ("budget_usd = nan", "budget_usd", "no amount of money", "2.50"),
    ("budget_usd = -1", "budget_usd", "no amount of money", "2.50"),
    ('preview = "yes"', "preview", "must be true or false, not text", "without quotes"),
    ('base_url = "ftp://x.example"', "base_url", "is no web address", "https://"),
    ('base_url = "x.example"', "base_url", "is no web address", "https://"),
    ('base_url = "https://x.example:99999"', "base_url", "is no web address", "https://"),
    ('base_url = "https://me:word@x.example"', "base_url", "holds a user or a password", "the address alone"),
    ('approvers = ["clair"]', "approvers", 'nobody in [people] is called "clair"', 'Did you mean "claire"?'),
    ("approvers = []", "approvers", "empty list", "leave the key out"),
    ('max_silense = "7 days"', "max_silense", "is no key of veilleuse", 'Did you mean "max_silence"?'),
    ("zzz = 1", "zzz", "is no key of veilleuse", "The keys here are: "),
    ('page_id = "1"', "page_id", "is no key of veilleuse", ""),
    ("credentials = 3", "credentials", "must be a table, not a number", "[accounts.acme-x.credentials]"),
    ("credentials = { api_kei = { env = 'A' } }", "credentials.api_kei", "is no key", 'Did you mean "api_key"?'),
    ("credentials = { api_key = { env = 'A', file = 'b' } }", "credentials.api_key", "exactly one", "{ env ="),
    ("credentials = { api_key = { vault = 'A' } }", "credentials.api_key", "exactly one of env, file", "{ env ="),
    ("credentials = { api_key = { env = 3 } }", "credentials.api_key", "must name its env in quotes", "{ env ="),
    ("credentials = { api_key = { env = 'A B' } }", "credentials.api_key", "names no variable", "bare name"),
    ("credentials = { api_key = { credential = '../a' } }", "credentials.api_key", "a slash in it", "bare name"),
    ("credentials = { api_key = 3 }", "credentials.api_key", "must say where the secret is", "{ env ="),
    ("credentials = { api_key = ' ' }", "credentials.api_key", "is empty", "{ env ="),
    (
        "credentials = { api_key = 'k' }",
        "credentials.api_key",
        "is a secret in a file that others can read",
        "chmod 600",
    ),
    ("api_key = 'k'", "api_key", "is no key of veilleuse", "[accounts.acme-x.credentials]"),
]


@pytest.mark.parametrize(("addition", "key", "message", "remedy"), ACCOUNT)
def test_a_mistake_in_an_account_is_said_with_its_key_and_line(
    tmp_path: Path, addition: str, key: str, message: str, remedy: str
) -> None:
    text = MINIMAL.replace('owner = "claire"\n', f'owner = "claire"\n{addition}\n', 1)
    [found] = problems(tmp_path, text)
    assert (found.file, found.key, found.line) == (str(tmp_path / "veilleuse.toml"), f"accounts.acme-x.{key}", 10)
    assert message in found.message
    assert remedy in found.remedy


# What replaces a line of the minimal configuration, and the key and line of the only problem then.
REPLACED = [
    ('timezone = "Europe/Paris"', 'tymezone = "Europe/Paris"', "tymezone", 1, 'Did you mean "timezone"?'),
    ('timezone = "Europe/Paris"', "timezone = 1", "timezone", 1, "in quotes"),
    ('timezone = "Europe/Paris"', "people2 = 1", "people2", 1, 'Did you mean "people"?'),
    ('timezone = "Europe/Paris"', 'language = "fr-FR"', "language", 1, '"en" or "fr"'),
    ('timezone = "Europe/Paris"', "content = 1", "content", 1, "in quotes"),
    ('timezone = "Europe/Paris"', "rule = 1", "rule", 1, "Write it as [rule]."),
    ('timezone = "Europe/Paris"', 'rule.lead = "8 days"', "rule.lead", 1, "Write a shorter lead"),
    ('timezone = "Europe/Paris"', 'rule.timezone = "UTC"', "rule.timezone", 1, "The keys here are: max_silence,"),
    ('timezone = "Europe/Paris"', 'alerts.owner = "bob"', "alerts.owner", 1, "Add [people.bob]."),
    ('timezone = "Europe/Paris"', "alerts.repeat = 1", "alerts.repeat", 1, "The keys here are: owner."),
    ('timezone = "Europe/Paris"', 'web.listen = "8080"', "web.listen", 1, "127.0.0.1:8080"),
    ('timezone = "Europe/Paris"', 'web.listen = "me:word@host:80"', "web.listen", 1, "127.0.0.1:8080"),
    ('timezone = "Europe/Paris"', 'web.listen = "host:0"', "web.listen", 1, "127.0.0.1:8080"),
    ('timezone = "Europe/Paris"', 'database = "mysql://host/name"', "database", 1, "postgresql://"),
    ('timezone = "Europe/Paris"', 'database = "host=db dbname=posts"', "database", 1, "postgresql://"),
    ('timezone = "Europe/Paris"', 'database = "postgresql://a:b@[db/name"', "database", 1, "postgresql://"),
    ('timezone = "Europe/Paris"', 'database = "postgresql://a:b@db/name"', "database", 1, "chmod 600"),
    ('timezone = "Europe/Paris"', 'database = "postgresql://db/name?password=b"', "database", 1, "chmod 600"),
    ('timezone = "Europe/Paris"', "database = 3", "database", 1, "{ env ="),
    ('timezone = "Europe/Paris"', 'heartbeat_url = "hc.example/ping"', "heartbeat_url", 1, "https://"),
    ('timezone = "Europe/Paris"', 'heartbeat_url = "https://hc.example/ping"', "heartbeat_url", 1, "chmod 600"),
    (
        'notify = [{ env = "CLAIRE_NOTIFY_URL" }]',
        'notify = ["claire@acme.example"]',
        "people.claire.notify",
        4,
        "mailtos://",
    ),
    ('notify = [{ env = "CLAIRE_NOTIFY_URL" }]', 'notify = ["json://host"]', "people.claire.notify", 4, "chmod 600"),
    ('notify = [{ env = "CLAIRE_NOTIFY_URL" }]', "notify = [[]]", "people.claire.notify", 4, "{ env ="),
    ('notify = [{ env = "CLAIRE_NOTIFY_URL" }]', 'deputy = "bob"', "people.claire.deputy", 4, "Add [people.bob]."),
    ('notify = [{ env = "CLAIRE_NOTIFY_URL" }]', 'role = "boss"', "people.claire.role", 4, '"reader" or "approver"'),
    ('notify = [{ env = "CLAIRE_NOTIFY_URL" }]', 'password = "word"', "people.claire.password", 4, "argon2"),
    ('notify = [{ env = "CLAIRE_NOTIFY_URL" }]', "quiet_hours = ['night']", "people.claire.quiet_hours", 4, "daily"),
    ('notify = [{ env = "CLAIRE_NOTIFY_URL" }]', "mail = 'a@b'", "people.claire.mail", 4, "The keys here are: "),
    ('network = "x"', 'network = "facebok"', "accounts.acme-x.network", 7, 'Did you mean "facebook"?'),
    ('network = "x"', 'network = "telegram"', "accounts.acme-x.network", 7, "Write one of x, facebook,"),
    ('network = "x"', "network = 10", "accounts.acme-x.network", 7, "in quotes"),
    ('network = "x"\n', "", "accounts.acme-x.network", 6, 'Write network = "x" or "facebook"'),
    ('handle = "acme"\n', "", "accounts.acme-x.handle", 6, "the name after the @"),
    ('handle = "acme"', 'handle = ""', "accounts.acme-x.handle", 8, "Write a value"),
    ('handle = "acme"', 'handle = " @ "', "accounts.acme-x.handle", 8, "Write a value"),
    ('handle = "acme"', "handle = 42", "accounts.acme-x.handle", 8, "in quotes"),
    ('page_id = "1234567890"', "page_id = 1234567890", "accounts.acme-facebook.page_id", 13, "in quotes"),
    ('owner = "claire"\n\n', "\n", "accounts.acme-x.owner", 6, 'Write owner = "NAME"'),
    ('owner = "claire"\n\n', 'owner = "clair"\n\n', "accounts.acme-x.owner", 9, 'Did you mean "claire"?'),
    ('owner = "claire"\n\n', 'owner = "bob"\n\n', "accounts.acme-x.owner", 9, "Add [people.bob]."),
    ("[accounts.acme-x]", '[accounts."Acme X"]', 'accounts."Acme X"', 6, "small letters"),
    ("[accounts.acme-x]", f"[accounts.{'a' * 42}]", f"accounts.{'a' * 42}", 6, "41 characters"),
    ("[accounts.acme-x]", "[accounts.-x]", "accounts.-x", 6, "beginning with a letter or digit"),
]


@pytest.mark.parametrize(("old", "new", "key", "line", "remedy"), REPLACED)
def test_a_mistake_anywhere_is_said_with_its_key_and_line(
    tmp_path: Path, old: str, new: str, key: str, line: int, remedy: str
) -> None:
    [found] = problems(tmp_path, MINIMAL.replace(old, new, 1))
    assert (found.key, found.line) == (key, line)
    assert remedy in found.remedy


TWINS = [
    ('network = "x"\nhandle = "@ACME"', "handle", "the same presence on X as account acme-x"),
    ('network = "facebook"\npage_id = "1234567890"', "page_id", "the same presence on Facebook"),
]


@pytest.mark.parametrize(("keys", "key", "message"), TWINS)
def test_two_accounts_of_one_identity_are_refused(tmp_path: Path, keys: str, key: str, message: str) -> None:
    [found] = problems(tmp_path, f'{MINIMAL}[accounts.twin]\n{keys}\nowner = "claire"\n')
    assert (found.key, found.line) == (f"accounts.twin.{key}", 17)
    assert message in found.message


def test_two_accounts_whose_secrets_share_a_variable_are_refused(tmp_path: Path) -> None:
    text = f'{MINIMAL}[accounts.acme]\nnetwork = "odd"\nurl = "https://u.fr"\nowner = "claire"\n'
    [found] = problems(tmp_path, text)
    assert (found.key, found.line) == ("accounts.acme", 15)
    assert "VEILLEUSE_ACME_X_API_KEY" in found.message
    assert "acme-x" in found.message


SHORT_SILENCES = [
    ("2 days", "1h", 1, None),
    ("20 hours", "2h", 1, 2),
    ("6 hours", "1h", 4, 5),
    ("6 hours", "1h", 5, None),
]


@pytest.mark.parametrize(("silence", "lead", "per_day", "needed"), SHORT_SILENCES)
def test_a_silence_shorter_than_a_day_needs_enough_posts_a_day(
    tmp_path: Path, silence: str, lead: str, per_day: int, needed: int | None
) -> None:
    rule = f'max_silence = "{silence}"\nlead = "{lead}"\nmin_gap = "1h"\nmax_per_day = {per_day}\n'
    found = problems(tmp_path, MINIMAL + rule)
    if needed is None:
        assert found == ()
    else:
        assert [(each.key, each.line) for each in found] == [("accounts.acme-facebook.max_per_day", 18)]
        assert f"max_per_day = {needed}" in found[0].remedy


def test_a_mistake_in_the_house_s_rule_is_said_once_for_all_accounts(tmp_path: Path) -> None:
    found = problems(tmp_path, f'{MINIMAL}[rule]\nmax_silence = "3 days"\nlead = "3 days"\n')
    assert [(each.key, each.line) for each in found] == [("rule.lead", 17)]


def test_a_rule_of_the_house_that_no_account_is_left_under_is_no_mistake(tmp_path: Path) -> None:
    text = MINIMAL.replace("owner", 'lead = "1 day"\nowner') + '[rule]\nlead = "8 days"\n'
    assert problems(tmp_path, text) == ()


def test_a_reader_cannot_be_an_approver(tmp_path: Path) -> None:
    text = MINIMAL.replace("[people.claire]\n", '[people.marc]\n[people.claire]\nrole = "reader"\n')
    found = problems(tmp_path, text.replace('owner = "claire"\n\n', 'owner = "claire"\napprovers = ["marc"]\n\n'))
    assert [(each.key, each.line) for each in found] == [("accounts.acme-facebook.owner", 17)]


def test_a_table_of_the_wrong_type_is_one_problem_not_many(tmp_path: Path) -> None:
    found = problems(tmp_path, "people = 3\naccounts.one = 'x'\n")
    assert [(each.key, each.line) for each in found] == [("people", 1), ("accounts.one", 2)]


def test_all_problems_are_said_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = MINIMAL.replace("Paris", "Pari").replace('"x"', '"y"').replace('page_id = "1234567890"\n', 'hours = "?"\n')
    found = problems(tmp_path, text)
    assert [(each.key, each.line) for each in found] == [
        ("timezone", 1),
        ("accounts.acme-x.network", 7),
        ("accounts.acme-facebook.page_id", 11),
        ("accounts.acme-facebook.hours", 13),
    ]
    with pytest.raises(ConfigInvalid) as invalid:
        load(tmp_path / "veilleuse.toml", SPECS)
    assert str(invalid.value).splitlines() == [str(each) for each in found]
    assert str(found[0]) == (
        f'{tmp_path}/veilleuse.toml:1: timezone: "Europe/Pari" is no time zone. Did you mean "Europe/Paris"?'
    )


def test_a_problem_is_one_line_whatever_the_file_holds(tmp_path: Path) -> None:
    [found] = problems(tmp_path, f'"a\\nb\\u2028c" = "x"\n{MINIMAL}')
    assert len(str(found).splitlines()) == 1


FILES: list[tuple[bytes, int | None, str, str]] = [
    (b"", None, "there is none", "veilleuse init"),
    (b"a = \n", 1, "is not TOML", "Mend this line"),
    (b"a = 1\n[accounts.x\n", 2, "is not TOML", "Mend this line"),
    (b"a = 1\n\nb = '''", 3, "is not TOML", "Mend this line"),
    (b"a = 1\na = 2\n", 2, "is not TOML", "Mend this line"),
    (b"a = 2026-02-30\n", 1, "is not TOML", "Mend this line"),
    (b'a = 1\nb = "caf\xe9"\n', 2, "is not UTF-8", "Save it again"),
]


@pytest.mark.parametrize(("data", "line", "message", "remedy"), FILES)
def test_a_file_that_is_no_configuration_says_so(
    tmp_path: Path, data: bytes, line: int | None, message: str, remedy: str
) -> None:
    [found] = problems(tmp_path, data)
    assert found.line == line
    assert message in found.message
    assert remedy in found.remedy


@pytest.mark.parametrize("value", ["[" * 5000, "1" * 5000, "{a=" * 2000, "[" * 300 + "]" * 300])
def test_a_value_too_long_or_too_deep_for_the_parser_ends_in_a_verdict(tmp_path: Path, value: str) -> None:
    [found] = problems(tmp_path, f"a = {value}\n{MINIMAL}")
    assert found.message.startswith(("is not TOML", "is no key"))


def test_a_missing_file_is_answered_with_init(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match=r"nowhere\.toml: there is no such file\. Write one with `veilleuse init`"):
        load(tmp_path / "nowhere.toml", SPECS)


@pytest.mark.parametrize("name", ["", "a\0b", "a/" * 3000])
def test_a_path_that_cannot_be_opened_is_answered_without_a_traceback(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigInvalid, match="cannot be read"):
        load(tmp_path / name, SPECS)


def test_a_secret_in_clear_is_fine_in_a_file_no_one_else_can_read(tmp_path: Path) -> None:
    text = MINIMAL.replace('[{ env = "CLAIRE_NOTIFY_URL" }]', '["json://host"]')
    assert problems(tmp_path, text, mode=0o600) == ()
    assert problems(tmp_path, text, mode=0o400) == ()
    assert len(problems(tmp_path, text, mode=0o640)) == 1
    assert len(problems(tmp_path, text, mode=0o604)) == 1
