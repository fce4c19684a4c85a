"""What a person does on a network that no program may do there: the clicks, and the page to begin with."""

from veilleuse.domain.account import Account
from veilleuse.domain.farewell import public_address
from veilleuse.domain.plan import StepKind
from veilleuse.language import N_, _, sentence

_HOW = {
    ("x", StepKind.HIDE): N_(
        "On X: Settings, Privacy and safety, Audience and tagging, Protect your posts: "
        "https://x.com/settings/audience_and_tagging. Say in the bio when you are back."
    ),
    ("x", StepKind.SHOW): N_(
        "On X: Settings, Privacy and safety, Audience and tagging, take the tick from Protect your posts: "
        "https://x.com/settings/audience_and_tagging."
    ),
    ("x", StepKind.PIN): N_("On X: the three dots of the post, Pin to your profile."),
    ("x", StepKind.CLOSE): N_(
        "On X: say in the bio where you are now, then protect the posts "
        "(https://x.com/settings/audience_and_tagging) or deactivate the account "
        "(https://x.com/settings/deactivate). A deactivated name may be taken by others after 30 days."
    ),
    ("facebook", StepKind.HIDE): N_(
        "On Facebook, as the Page: Settings, Page setup or General, Page visibility, unpublished: "
        "https://www.facebook.com/settings."
    ),
    ("facebook", StepKind.SHOW): N_(
        "On Facebook, as the Page: Settings, Page setup or General, Page visibility, published: "
        "https://www.facebook.com/settings."
    ),
    ("facebook", StepKind.PIN): N_("On Facebook, as the Page: the three dots of the post, Pin post."),
    ("facebook", StepKind.CLOSE): N_(
        "On Facebook, as the Page: Settings, Page visibility, unpublished; or Access and control, Deactivation and "
        "deletion: https://www.facebook.com/settings."
    ),
    ("wordpress", StepKind.HIDE): N_(
        "On the blog, as its administrator: a maintenance page, or Settings, Reading, discourage search engines."
    ),
    ("wordpress", StepKind.SHOW): N_(
        "On the blog, as its administrator: take the maintenance page away, let search engines in again."
    ),
    ("wordpress", StepKind.PIN): N_("On the blog: edit the post, Stick to the top of the blog."),
    ("wordpress", StepKind.CLOSE): N_(
        "On the blog, as its administrator: close comments, and leave the site readable, or take it down with its host."
    ),
    ("mastodon", StepKind.CLOSE): N_(
        "On Mastodon: Preferences, Account, Move to a different account (a redirect keeps the followers) or Delete "
        "account."
    ),
}

_ANYWHERE = {
    StepKind.HIDE: N_("Hide the account in its settings on {title}, as far as they let you."),
    StepKind.SHOW: N_("Make the account public again in its settings on {title}."),
    StepKind.SEE: N_("Look at it in a private window of your browser, without logging in."),
    StepKind.PIN: N_("Pin the farewell on {title}, if it can be pinned."),
    StepKind.CLOSE: N_("Close the account in its settings on {title}."),
}


_HIDDEN = {
    "mastodon": N_(
        "on Mastodon followers must be approved and the account is not suggested; its public posts stay readable"
    ),
    "bluesky": N_(
        "Bluesky's apps show the account to whoever is logged in only; its posts stay public for programs, and "
        "nothing is private there"
    ),
    "facebook": N_("the Page is seen by its administrators only"),
}


def what_hiding_does(network: str) -> str:
    """How far a program can hide an account there, in a sentence of every language; "" where none can."""
    return sentence(_HIDDEN[network]) if network in _HIDDEN else ""


def by_hand(account: Account, step: StepKind, title: str) -> list[str]:
    """What to do for that step, in sentences, and where the account is found. `title`: the network's name."""
    how = _HOW.get((account.network, step)) or _ANYWHERE.get(step)
    said = [_(how).format(title=title)] if how else []
    address = public_address(account)
    return [*said, _("The account: {address}").format(address=address)] if address else said
