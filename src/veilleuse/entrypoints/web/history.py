"""What was said, who approved what, and who did what."""

from starlette.responses import Response

from veilleuse.entrypoints.web.ask import Ask

LISTS = ("said", "approvals", "deeds")
STEPS = (50, 200, 1000)  # rows: more on demand


def show(ask: Ask) -> Response:
    params, store = ask.request.query_params, ask.site.store
    kind = params.get("list", "said")
    kind = kind if kind in LISTS else "said"
    account = params.get("account", "")
    account = account if account in ask.site.accounts else ""
    limit = next((step for step in STEPS if str(step) == params.get("limit")), STEPS[0])
    wanted = account or None
    rows: list[object] = []
    if kind == "said":
        rows = [*store.receipts(wanted, limit)]
    elif kind == "approvals":
        rows = [*store.approvals(wanted, limit)]
    else:
        rows = [*store.deeds(wanted, limit)]
    return ask.page(
        "history.html",
        kind=kind,
        rows=rows,
        doubts=store.unsettled(wanted) if kind == "said" else [],
        account=account,
        more=next((step for step in STEPS if step > limit), None) if len(rows) == limit else None,
        zones={name: known.rule.zone for name, known in ask.site.accounts.items()},
        house=ask.site.settings.timezone,
    )
