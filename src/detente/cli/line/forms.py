"""`detente line forms`: the forms of a line, empty to be filled in, or as examples."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.files import AS_JSON
from detente.cli.line.heading import head
from detente.cli.show import print_json, print_table, say
from detente.cli.words import _


@click.command(
    short_help=_("The forms; an empty one to fill in; an example."),
    help=_(
        "List the forms, or print FORM to be filled in with a text editor: what stands in <> is to "
        "be replaced. A form may be filled in and sent in any of its languages (en, ru, fr, pl, "
        "de) and is read in any other; only free text stays as it was written. With --line, "
        "number, sender and time are filled in."
    ),
    epilog=_("Example: detente line forms incident-clarification --line arland > clarify.txt"),
)
@click.argument("form", required=False)
@click.option("--language", default="en", show_default=True, help=_("Language of the form."))
@click.option("--example", is_flag=True, help=_("A filled-in form between invented parties."))
@click.option("--drill", is_flag=True, help=_("Marked as a drill."))
@click.option(
    "--line", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=_("A party's folder, to fill in number, sender, recipients and time from."),
)  # fmt: skip
@AS_JSON
def forms(
    form: str | None, *, language: str, example: bool, drill: bool, folder: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Print a list, an empty form or an example."""
    from detente.ground.forms import template
    from detente.ground.forms.catalogue import check_language
    from detente.ground.forms.render import render

    check_language(language)
    if form is None:
        _list(language, as_json=as_json)
        return
    if example:
        text = render(template.example(form), language)
    else:
        text = template.template(form, language, drill=drill)
        text = _filled(text, language, folder) if folder else text
    if as_json:
        print_json("line-forms", {"form": form, "language": language, "text": text})
    else:
        click.echo(text, nl=False)


def _list(language: str, *, as_json: bool) -> None:
    from detente.ground.forms.catalogue import LANGUAGES, catalogue

    found = catalogue().forms.values()
    if as_json:
        rows = [
            {"id": one.id, "version": one.version, "title": one.title[language],
             "fields": len(one.fields)}
            for one in found
        ]  # fmt: skip
        print_json("line-forms", {"languages": LANGUAGES, "forms": rows})
        return
    head()
    rows_ = [(one.id, str(one.version), one.title[language]) for one in found]
    print_table(_("Forms"), (_("form"), _("version"), _("title")), rows_)
    say(_("Print one with: detente line forms FORM --language ru"))


def _filled(text: str, language: str, folder: Path) -> str:
    """The empty form with what the folder tells; hints that it replaces stand in ``<>``."""
    from detente.cli.line.compose import next_number
    from detente.cli.line.place import opened
    from detente.ground.forms.catalogue import catalogue
    from detente.ground.time import write_instant

    with opened(folder) as line:
        others = ", ".join(one for one in line.agreement.ids if one != line.me)
        number = next_number(line)
        known = {
            "number": number,
            "from": line.me,
            "to": others,
            "written": write_instant(line.at).replace("T", " "),
        }
    labels = {one.label[language]: known[one.id] for one in catalogue().header if one.id in known}
    rows = []
    for row in text.splitlines():
        label, colon, _hint = row.partition(": ")
        rows.append(f"{label}: {labels.pop(label)}" if colon and label in labels else row)
    again = f"<{catalogue().words['number_again'][language]}>"
    rows[-1] = rows[-1].replace(again, number)
    return "\n".join(rows) + "\n"
