"""The whole program against a real WordPress, in processes of its own: the answer to its publish call is lost."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.real.cutting_proxy import cutting_proxy
from tests.real.wordpress_server import USER, real_wordpress

CONFIG = """
timezone = "Europe/Paris"
[rule]
hours = "always"
[people.claire]
[accounts.blog]
network = "wordpress"
base_url = "{url}"
owner = "claire"
"""
POSTS = """
approved_by = "claire"
[[post]]
text = "Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ?"
link = "https://www.acme.fr/horaires"
[[post]]
text = "Bonjour !"
"""
STANDING = """
    $all = get_posts(['post_status' => 'any', 'numberposts' => -1]);
    echo json_encode(array_map(fn($post) => [$post->post_status, $post->post_title, $post->post_content], $all));
"""
DOUBT_READ = 11  # seconds until the first read after a doubt


def test_a_lost_answer_is_settled_by_the_draft_and_nothing_is_said_twice(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "blog.toml").write_text(POSTS, "utf-8")
    config = tmp_path / "veilleuse.toml"
    with real_wordpress() as blog, cutting_proxy(blog.url) as proxy:
        blog.sql("DELETE FROM wp_posts")
        secrets = blog.user(USER, "administrator")
        config.write_text(CONFIG.format(url=proxy.url), "utf-8")
        environ = {f"VEILLEUSE_BLOG_{name.upper()}": value for name, value in secrets.items()}

        def veilleuse(*command: str) -> str:
            program = [sys.executable, "-m", "veilleuse", "--config", str(config), *command]
            done = subprocess.run(program, env={**os.environ, **environ}, capture_output=True, text=True, check=False)
            return done.stdout

        proxy.words, proxy.cut = b'"publish"}', "answer"
        assert "blog/" in veilleuse("run", "--once")
        assert "perhaps published" in veilleuse("status")
        time.sleep(DOUBT_READ)
        veilleuse("run", "--once")
        assert "found by reading" in veilleuse("history")
        assert "veilleuse posted" in veilleuse("status")
        ((status, title, body),) = blog.php(STANDING)
    link = "https://www.acme.fr/horaires"
    assert (status, title) == ("publish", "Nos horaires d'hiver : 9 h-17 h.")
    assert body == f'<p>Plutôt matin ou soir ?</p>\n<p><a href="{link}">{link}</a></p>'
