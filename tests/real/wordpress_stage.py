"""A real WordPress as a stage of the contract."""

import base64
import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.contracts.stage import RealStage, SteppedClock
from tests.real.wordpress_server import USER, Blog
from veilleuse.adapters.clock import SystemClock
from veilleuse.domain.account import Account
from veilleuse.domain.rule import Rule

_WRITE = """
    foreach ($given as $post) wp_insert_post([
        'post_status' => 'publish', 'post_title' => '', 'post_author' => 1, 'post_content' => $post['content'],
        'post_date_gmt' => $post['at'], 'post_date' => get_date_from_gmt($post['at']),
    ]);
"""
_SHOW = """
    $shown = [];
    foreach (get_posts(['numberposts' => -1, 'order' => 'ASC']) as $post) {
        $image = get_post_thumbnail_id($post);
        $shown[] = [
            'title' => $post->post_title, 'content' => $post->post_content,
            'image' => $image ? base64_encode(file_get_contents(get_attached_file($image))) : null,
            'alt' => $image ? get_post_meta($image, '_wp_attachment_image_alt', true) : null,
        ];
    }
    echo json_encode($shown);
"""


class WordPressStage(RealStage):
    """An emptied blog. What people post is dated by the stage's clock, what is published by the machine's."""

    two_step = True

    def __init__(self, blog: Blog, secrets: Mapping[str, str]) -> None:
        blog.sql("DELETE FROM wp_posts", "DELETE FROM wp_postmeta")
        self.clock = SteppedClock()
        self.blog = blog
        self.secrets = secrets
        self.number = blog.url.removeprefix("http://")
        self.account = Account(
            name="acme-blog",
            network="wordpress",
            identity=blog.url,
            owner="claire",
            rule=Rule(),
            options={"base_url": blog.url},
        )

    def is_now(self, moment: datetime | None) -> bool:
        return moment is not None and abs(moment - SystemClock().now()) < timedelta(minutes=1)

    def people_post(self, *texts: str) -> None:
        posts = []
        for text in texts:
            self.clock.sleep(60)
            at = self.clock.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
            posts.append({"content": f"<p>{html.escape(text)}</p>", "at": at})
        self.blog.php(_WRITE, posts)

    def texts(self) -> list[str]:
        return [_read(post["title"], post["content"]) for post in self._shown()]

    def images(self) -> list[tuple[bytes, str | None]]:
        return [(base64.b64decode(post["image"]), post["alt"]) for post in self._shown() if post["image"]]

    def delete(self, remote_id: str) -> None:
        self.blog.php("wp_delete_post($given, true);", int(remote_id))

    def somebody_else(self) -> tuple[Mapping[str, str], str]:
        return {"user": USER, "app_password": "abcd efgh ijkl mnop qrst uvwx"}, ""

    def _shown(self) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = self.blog.php(_SHOW)
        return shown


def _read(title: str, content: str) -> str:
    """What a visitor reads; a title that is only the beginning of the text is no text of its own."""
    below = html.unescape(re.sub(r"<[^>]*>", "", content.replace("<br />", " ").replace("</p>", " "))).strip()
    return below if below and title.endswith("…") else f"{html.unescape(title)} {below}".strip()
