"""Drop: a spreadsheet or a text, judged before anything enters."""

from http import HTTPStatus

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from veilleuse import bootstrap
from veilleuse.entrypoints.web.ask import Ask
from veilleuse.language import _
from veilleuse.ports import DropRefused
from veilleuse.services.drop import Judged, pasted
from veilleuse.services.queue import fresh

SHOWN = 30  # posts in full


def show(ask: Ask) -> Response:
    chosen = ask.request.query_params.get("account", "")
    return ask.page("drop.html", chosen=chosen if chosen in ask.site.accounts else "", text="", wrong="")


def stage(ask: Ask) -> Response:
    """Keep what was sent and go on to its verdicts."""
    account, file, text = ask.text("account"), ask.form.get("file"), ask.text("text")
    if account not in ask.site.accounts:
        return _again(ask, _("Say for which account it is."))
    if isinstance(file, UploadFile) and file.filename:
        name, data = file.filename, file.file.read()
    else:
        name, data = pasted(text)
    try:
        token = ask.site.drops.stage(account, name, data, ask.who.name)
    except DropRefused as why:
        return _again(ask, f"{why}")
    return RedirectResponse(f"/drop/{token}", HTTPStatus.SEE_OTHER)


def verdicts(ask: Ask) -> Response:
    return _verdicts(ask, _judged(ask))


def confirm(ask: Ask) -> Response:
    """Let it in, or throw it away."""
    token, by = ask.request.path_params["token"], ask.who.name
    judged = _judged(ask)
    if ask.text("do") == "forget":
        ask.site.drops.forget(token, by)
        return ask.back("/drop", _("Thrown away: nothing has entered."))
    try:
        ask.site.drops.confirm(token, by)
    except DropRefused:
        return _verdicts(ask, _judged(ask), HTTPStatus.CONFLICT)
    said = _("Written as {path}. It is read within seconds.").format(path=judged.path)
    return ask.back(f"/accounts/{judged.account}", said)


def _judged(ask: Ask) -> Judged:
    try:
        return ask.site.drops.judge(ask.request.path_params["token"], ask.who.name)
    except DropRefused:
        raise HTTPException(HTTPStatus.GONE) from None


def _verdicts(ask: Ask, judged: Judged, status: int = 200) -> Response:
    rows = [fresh(post, bootstrap.SPECS[ask.site.accounts[post.account].network]) for post in judged.posts[:SHOWN]]
    return ask.page("verdicts.html", status, judged=judged, rows=rows, shown=SHOWN)


def _again(ask: Ask, wrong: str) -> Response:
    return ask.page(
        "drop.html", HTTPStatus.UNPROCESSABLE_ENTITY, chosen=ask.text("account"), text=ask.text("text"), wrong=wrong
    )
