"""README's matrix of networks: what stands in each cell, and the test that shows it."""

import ast
from pathlib import Path

import pytest

from veilleuse.bootstrap import SPECS

ROOT = Path(__file__).parents[1]
CONTRACT, FAULTS = "contracts/test_networks.py::", "contracts/test_network_faults.py::"
HIDES, BLUESKY, WORDPRESS = "contracts/test_network_standing.py::", "real/test_bluesky.py::", "real/test_wordpress.py::"

HEADINGS = (
    "publish",
    "image",
    "link",
    "read back",
    "a doubt is settled by",
    "hide",
    "who waits for an answer",
    "end of credentials",
    "proven with",
)
PUBLISHED = f"{CONTRACT}test_what_is_published_reads_back_equal"
IMAGE = f"{CONTRACT}test_an_image_arrives_with_its_alternative_text"
LINK = f"{CONTRACT}test_a_link_arrives_and_the_text_still_reads_back_equal"
READ = f"{CONTRACT}test_a_gap_of_many_posts_is_read_whole"
SETTLED = f"{FAULTS}test_a_doubt_is_settled_by_reading_what_took_effect"
HIDDEN = f"{HIDES}test_an_account_is_hidden_and_shown_again_and_each_is_seen"
HEARS = "contracts/test_answering.py::"
WAITS = f"{HEARS}test_a_stranger_who_replied_waits_with_a_link"
UNTOLD = f"{HEARS}test_what_a_network_cannot_tell_it_does_not_claim"
BY_HAND = f"{HIDES}test_what_a_network_cannot_do_it_does_not_claim"

# Each cell: its words, and the test behind them, by its file below tests/ and its name.
MATRIX: dict[str, tuple[tuple[str, str], ...]] = {
    "x": (
        ("yes", PUBLISHED),
        ("yes", IMAGE),
        ("in the text", LINK),
        (
            "billed: only near the limit",
            "contracts/test_money.py::test_a_quiet_year_reads_sixty_items_at_most_and_costs_about_a_dollar",
        ),
        ("reading, 2 h", SETTLED),
        ("by hand", BY_HAND),
        ("never: billed", UNTOLD),
        ("never by itself", "adapters/test_x.py::test_an_examination_tells_what_the_token_may"),
        ("tweepy", FAULTS + "test_each_fault_is_exactly_one_error_in_time_and_without_a_secret"),
    ),
    "facebook": (
        ("yes", PUBLISHED),
        ("yes, or a link", IMAGE),
        ("as a card", "adapters/test_facebook.py::test_a_link_is_a_field_of_its_own_and_an_image_is_attached"),
        ("yes", READ),
        ("reading, 2 h", SETTLED),
        ("yes", HIDDEN),
        ("no", UNTOLD),
        ("told", "adapters/test_facebook.py::test_when_a_token_dies_is_the_first_of_its_two_ends"),
        (
            "facebook-sdk, Meta's parameter tables",
            "adapters/test_facebook.py::test_each_parameter_is_one_that_facebook_documents",
        ),
    ),
    "mastodon": (
        ("yes", PUBLISHED),
        ("yes", IMAGE),
        ("in the text", LINK),
        ("yes", READ),
        ("reading, 1 h", SETTLED),
        ("partly", HIDDEN),
        ("yes", WAITS),
        ("none", "adapters/test_mastodon.py::test_an_examination_tells_rights_and_limits"),
        ("Mastodon.py", FAULTS + "test_each_fault_is_exactly_one_error_in_time_and_without_a_secret"),
    ),
    "bluesky": (
        ("yes", PUBLISHED),
        ("yes", IMAGE),
        ("with a card", f"{BLUESKY}test_links_and_hashtags_are_live_and_the_link_has_its_card"),
        ("yes", READ),
        ("its own key, exactly", f"{BLUESKY}test_a_doubt_is_settled_by_the_posts_own_key"),
        ("partly", HIDDEN),
        ("yes", "real/test_bluesky_answers.py::test_an_app_password_is_told_who_waits_and_a_reply_of_ours_ends_it"),
        ("none", f"{BLUESKY}test_an_app_password_taken_back_is_refused"),
        ("a real server (PDS 0.4.217, 2026-11-20)", f"{BLUESKY}test_this_stage_stands_for_the_network_of_that_name"),
    ),
    "wordpress": (
        ("yes", PUBLISHED),
        ("yes", IMAGE),
        ("as an anchor", LINK),
        ("yes", READ),
        ("its draft's status, exactly", f"{WORDPRESS}test_a_doubt_is_settled_by_the_drafts_own_status"),
        ("by hand", BY_HAND),
        ("yes", f"{WORDPRESS}test_who_waits_is_told_to_an_author_of_the_comments_he_may_see"),
        ("none", "adapters/test_wordpress.py::test_the_password_goes_in_the_header_only"),
        ("a real server (6.1.9, 2026-11-20)", f"{WORDPRESS}test_this_stage_stands_for_the_network_of_that_name"),
    ),
    "feed": (
        ("never: watched", "adapters/test_feed.py::test_nothing_can_be_published_there"),
        ("–", "adapters/test_feed.py::test_nothing_can_be_published_there"),
        ("–", "adapters/test_feed.py::test_nothing_can_be_published_there"),
        ("yes", f"{CONTRACT}test_what_a_human_posts_is_seen_with_its_time"),
        ("–", "adapters/test_feed.py::test_nothing_can_be_published_there"),
        ("–", "adapters/test_feed.py::test_nothing_can_be_published_there"),
        ("–", UNTOLD),
        ("none", f"{CONTRACT}test_what_a_human_posts_is_seen_with_its_time"),
        ("feedparser", "adapters/test_feed.py::test_both_dialects_tell_what_people_published"),
    ),
    "outbox": (
        ("into a file", PUBLISHED),
        ("beside it", "adapters/test_outbox.py::test_a_message_is_what_a_person_wants_to_carry"),
        ("yes", LINK),
        ("yes", "adapters/test_outbox.py::test_whatever_is_written_is_read_back"),
        ("its own number, exactly", "adapters/test_outbox.py::test_a_doubt_is_settled_by_the_messages_own_number"),
        ("by hand", BY_HAND),
        ("–", f"{HEARS}test_an_outbox_hears_nobody"),
        ("none", "adapters/test_outbox.py::test_whatever_is_written_is_read_back"),
        ("a real file", "adapters/test_outbox.py::test_messages_of_several_threads_stand_whole_beside_each_other"),
    ),
}


def row(name: str) -> str:
    return f"| {' | '.join((f'`{name}`', *(words for words, _ in MATRIX[name])))} |"


def test_every_network_has_its_row_in_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(MATRIX) == set(SPECS)
    for name in MATRIX:
        assert row(name) in readme


@pytest.mark.parametrize("name", MATRIX)
def test_every_cell_is_shown_by_a_test_that_exists(name: str) -> None:
    assert len(MATRIX[name]) == len(HEADINGS)
    for _, test in MATRIX[name]:
        path, _, function = test.partition("::")
        tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
        assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, test
