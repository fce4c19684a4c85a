"""Yes or no, asked and answered in the language of whoever sits there; click's own question takes English alone."""

import click

from veilleuse.language import _


def confirmed(question: str, *, err: bool = False) -> bool:
    """Whether the answer is yes; no answer is no. Raises click.Abort at the end of what is typed."""

    def judged(answer: str) -> bool:
        said = answer.strip().lower()
        if said in ("y", "yes", _("y"), _("yes")):
            return True
        if said in ("", "n", "no", _("n"), _("no")):
            return False
        raise click.UsageError(_("answer {yes} or {no}").format(yes=_("y"), no=_("n")))

    choice = f"[{_('y')}/{_('n').upper()}]"
    answer: bool = click.prompt(f"{question} {choice}", default="", show_default=False, value_proc=judged, err=err)
    return answer
