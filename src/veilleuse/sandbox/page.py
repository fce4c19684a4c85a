"""What a human sees of the sandbox: every timeline on one page, and a form to post by hand."""

from collections.abc import Iterable
from datetime import date, datetime
from html import escape
from zoneinfo import ZoneInfo

from veilleuse.domain import phrases
from veilleuse.domain.activity import Kind
from veilleuse.language import N_, _, spoken
from veilleuse.sandbox.ledger import Ledger, Presence, Shown

_UTC = ZoneInfo("UTC")
_KINDS = {Kind.REPLY: N_("a reply"), Kind.REPOST: N_("a post of somebody else's")}
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --mark: light-dark(#9a4a06, #f0a24a); }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
header p { margin: .25rem 0 1.5rem; }
main { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); align-items: start; }
section { border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; }
article { border-top: 1px solid var(--line); padding: .75rem 0; }
article p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; text-wrap: pretty; }
summary { cursor: pointer; }
img { max-width: 100%; border-radius: .5rem; }
article:target { background: var(--soft); }
small { opacity: .8; } .api small b { color: var(--mark); }
textarea { width: 100%; box-sizing: border-box; font: inherit; border-radius: .5rem; padding: .5rem; }
button { font: inherit; padding: .3rem .9rem; margin: .4rem 0 .8rem; }
"""


def page(ledger: Ledger, now: datetime) -> str:
    """In the language of the moment."""
    sections = "".join(_section(p, reversed(ledger.timeline(p.identity))) for p in ledger.presences.values())
    said = _(
        "Made-up networks on this machine only. It is {moment} here. Post by hand below: veilleuse sees it at its next "
        "look."
    )
    title, none = escape(_("Sandbox")), escape(_("No account yet."))
    return f"""<!doctype html>
<html lang="{spoken()}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>veilleuse · {title}</title><style>{_STYLE}</style></head>
<body><header><h1>{title}</h1><p>{escape(said).format(moment=_moment(now))}</p></header>
<main>{sections or f"<p>{none}</p>"}</main></body></html>
"""


def _section(presence: Presence, shown: Iterable[Shown]) -> str:
    title, identity = escape(presence.title), escape(presence.identity)
    name = f"Page {identity}" if presence.network == "facebook" else f"@{identity}"
    articles = "".join(_article(one) for one in shown)
    network, ask, send = presence.network.capitalize(), escape(_("Post as a human")), escape(_("Post"))
    return f"""<section><h2>{title}</h2><p><small>{network} · {name}</small></p>
<form method="post" action="/sandbox/post"><input type="hidden" name="account" value="{identity}">
<label for="text-{identity}">{ask}</label>
<textarea id="text-{identity}" name="text" rows="2" required></textarea><button>{send}</button></form>
{articles or f"<p><small>{escape(_('Nothing yet.'))}</small></p>"}</section>"""


def _article(shown: Shown) -> str:
    who = f"<b>{escape(_('by veilleuse'))}</b>" if shown.by == "api" else escape(_("by a human"))
    extras = [_(_KINDS[shown.kind])] if shown.kind in _KINDS else []
    extras += [_("link: {address}").format(address=shown.link)] if shown.link else []
    more = escape(" · ".join(extras))
    alt = escape(shown.alt or "")
    image = f'<img src="/sandbox/images/{escape(shown.image)}" alt="{alt}">' if shown.image else ""
    text = f"<p>{escape(shown.text)}</p>{image}"
    if shown.content_warning:  # as such a network shows it: the rest is hidden until somebody asks
        text = f"<details><summary>{escape(shown.content_warning)}</summary>{text}</details>"
    return f"""<article id="{escape(shown.id)}" class="{shown.by}">{text}
<small>{_moment(shown.created_at)} · {who}{" · " + more if more else ""}</small></article>"""


def _moment(at: datetime) -> str:
    local = at.astimezone(_UTC)
    day = phrases.date_in_full(local.date(), date.min)  # the clock here is made up: with its year
    said = _("{day} at {time}").format(day=day, time=phrases.clock(local, _UTC))
    return f"<time datetime='{at.isoformat()}'>{escape(said)} UTC</time>"
