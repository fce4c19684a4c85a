"""What a human sees of the sandbox: every timeline on one page, and a form to post by hand."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

from veilleuse.sandbox.ledger import Ledger, Presence, Shown

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --mark: #d9740b; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
header p { margin: .25rem 0 1.5rem; }
main { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); align-items: start; }
section { border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; }
article { border-top: 1px solid var(--line); padding: .75rem 0; }
article p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
img { max-width: 100%; border-radius: .5rem; }
article:target { background: var(--soft); }
small { opacity: .8; } .api small b { color: var(--mark); }
textarea { width: 100%; box-sizing: border-box; font: inherit; border-radius: .5rem; padding: .5rem; }
button { font: inherit; padding: .3rem .9rem; margin: .4rem 0 .8rem; }
"""


def page(ledger: Ledger, now: datetime) -> str:
    sections = "".join(_section(p, reversed(ledger.timeline(p.identity))) for p in ledger.presences.values())
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>veilleuse sandbox</title><style>{_STYLE}</style></head>
<body><header><h1>Sandbox</h1>
<p>Made-up networks on this machine only. It is {_moment(now)} here. Post by hand below: veilleuse sees it at its next
look.</p></header>
<main>{sections or "<p>No account yet.</p>"}</main></body></html>
"""


def _section(presence: Presence, shown: Iterable[Shown]) -> str:
    title, identity = escape(presence.title), escape(presence.identity)
    name = f"Page {identity}" if presence.network == "facebook" else f"@{identity}"
    network = presence.network.capitalize()
    articles = "".join(_article(one) for one in shown)
    return f"""<section><h2>{title}</h2><p><small>{network} · {name}</small></p>
<form method="post" action="/sandbox/post"><input type="hidden" name="account" value="{identity}">
<label for="text-{identity}">Post as a human</label>
<textarea id="text-{identity}" name="text" rows="2" required></textarea><button>Post</button></form>
{articles or "<p><small>Nothing yet.</small></p>"}</section>"""


def _article(shown: Shown) -> str:
    who = "<b>by veilleuse</b>" if shown.by == "api" else "by a human"
    extras = [shown.kind.value] if shown.kind != "post" else []
    extras += [f"link: {shown.link}"] if shown.link else []
    more = escape(" · ".join(extras))
    alt = escape(shown.alt or "")
    image = f'<img src="/sandbox/images/{escape(shown.image)}" alt="{alt}">' if shown.image else ""
    return f"""<article id="{escape(shown.id)}" class="{shown.by}"><p>{escape(shown.text)}</p>{image}
<small>{_moment(shown.created_at)} · {who}{" · " + more if more else ""}</small></article>"""


def _moment(at: datetime) -> str:
    return f"<time datetime='{at.isoformat()}'>{at.astimezone(UTC):%A %d %B %Y, %H:%M} UTC</time>"
