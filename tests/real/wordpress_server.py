"""A real WordPress on 127.0.0.1: Debian's packages, its own folder, database and socket, no system service.

Wanted: apt-get install --no-install-recommends wordpress mariadb-server php-cli php-mysql php-gd
"""

import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

SOURCE = Path("/usr/share/wordpress")
USER = "marie"
_CONFIG = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_DEFAULT_THEME', 'bare');
define('WP_ENVIRONMENT_TYPE', 'local');  // application passwords without https
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
_THEME = "<?php while (have_posts()) { the_post(); the_title('<h1>', '</h1>'); the_content(); }\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog:
    url: str
    folder: Path

    @property
    def version(self) -> str:
        return str(self.php("echo json_encode($GLOBALS['wp_version'] . ' on PHP ' . PHP_VERSION);"))

    def php(self, script: str, given: Any = None) -> Any:
        """Run PHP inside WordPress; `$given` is what is passed, what it echoes is JSON."""
        head = "<?php require getcwd() . '/wp-load.php'; $given = json_decode(stream_get_contents(STDIN), true);\n"
        file = self.folder / "script.php"
        file.write_text(head + script, "utf-8")
        site = self.folder / "site"
        done = subprocess.run(
            ["php", str(file)], cwd=site, input=json.dumps(given), capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout or "null")

    def sql(self, *statements: str) -> None:
        database = ["mariadb", "--no-defaults", "-uroot", "-S", str(self.folder / "db" / "socket"), "wordpress"]
        subprocess.run([*database, "-e", "; ".join(statements)], check=True, capture_output=True)

    def user(self, name: str, role: str) -> Mapping[str, str]:
        """The secrets of a user with that role, made if need be."""
        script = """
            $id = username_exists($given['name']) ?: wp_insert_user([
                'user_login' => $given['name'], 'user_pass' => wp_generate_password(), 'role' => $given['role'],
            ]);
            echo json_encode(WP_Application_Passwords::create_new_application_password($id, ['name' => uniqid()])[0]);
        """
        return {"user": name, "app_password": str(self.php(script, {"name": name, "role": role}))}


@contextmanager
def real_wordpress() -> Iterator[Blog]:
    """Installed as a person would, through its own page. All of it is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="veilleuse-wp-"))
    folder.chmod(0o711)  # MariaDB runs as another user, who must be able to enter
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        _database(folder, stack)
        site = folder / "site"
        shutil.copytree(SOURCE, site, symlinks=False, ignore_dangling_symlinks=True)
        (site / "wp-config.php").unlink()
        (site / "wp-config.php").write_text(_CONFIG.format(socket=folder / "db" / "socket"))
        theme = site / "wp-content" / "themes" / "bare"
        theme.mkdir(parents=True)
        (theme / "style.css").write_text("/*\nTheme Name: bare\n*/\n")
        (theme / "index.php").write_text(_THEME)
        (site / "wp-content" / "uploads").mkdir(exist_ok=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
        _start(["php", "-S", url.removeprefix("http://"), "-t", str(site)], folder / "php.log", stack)
        answers = {
            "weblog_title": "Acme",
            "user_name": USER,
            "admin_password": "motdepasse-de-marie",
            "admin_password2": "motdepasse-de-marie",
            "pw_weak": "1",
            "admin_email": "marie@example.org",
        }
        _until(lambda: requests.get(f"{url}/readme.html", timeout=5).ok)
        requests.post(f"{url}/wp-admin/install.php?step=2", data=answers, timeout=60).raise_for_status()
        yield Blog(url=url, folder=folder)


def _database(folder: Path, stack: ExitStack) -> None:
    data = folder / "db"
    data.mkdir()
    shutil.chown(data, "mysql")
    made = ["mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run([*made, f"--datadir={data}", "--user=mysql"], check=True, capture_output=True)
    server = ["mariadbd", "--no-defaults", "--user=mysql", "--skip-networking", f"--datadir={data}"]
    _start([*server, f"--socket={data / 'socket'}", f"--pid-file={data / 'pid'}"], folder / "db.log", stack)
    client = ["mariadb", "--no-defaults", "-uroot", "-S", str(data / "socket"), "-e", "CREATE DATABASE wordpress"]
    _until(lambda: subprocess.run(client, capture_output=True, check=False).returncode == 0)


def _start(command: list[str], log: Path, stack: ExitStack) -> None:
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    stack.callback(process.wait, 30)
    stack.callback(process.terminate)


def _until(ready: Any) -> None:
    for _ in range(200):
        try:
            if ready():
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the server did not start")
