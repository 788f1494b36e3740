"""Empty forms to fill in with a text editor, and an example of each between invented parties."""

from __future__ import annotations

from importlib.resources import files

from detente.ground.forms.catalogue import FieldType, catalogue, check_language
from detente.ground.forms.kinds import write_second
from detente.ground.forms.model import Message
from detente.ground.forms.parse import parse
from detente.ground.forms.position import Position, write_position
from detente.ground.forms.render import INDENT, closing, opening

_FORMS = {
    "instant": write_second(1795893365),
    "position": write_position(Position(35_661_234, 14_850_000)),
    "party": "AAA",
    "parties": "BBB, CCC",
    "reference": "AAA-2026-0007",
}


def template(form_id: str, language: str, *, drill: bool = False) -> str:
    """An empty form; what stands in ``<>`` is to be replaced, and `parse` tells what is missing.

    Raises
    ------
    UsageError
        There is no such form or language.
    """
    check_language(language)
    found, form = catalogue(), catalogue().form(form_id)
    known = {
        "language": found.phrases[language][language],
        "form": form.title[language],
        "version": str(form.version),
    }
    rows = opening(language, drill=drill)
    for one in found.header:
        words = known.get(one.id, _hint(one, language))
        rows.append(f"{one.label[language]}: {words}")
    for place, one in enumerate(form.fields, start=1):
        rows.append(f"{place}. {one.label[language]}: {_hint(one, language)}")
        if one.kind == "text":
            rows.append(INDENT + "|")
    again = f"<{found.words['number_again'][language]}>"
    rows.append(closing(len(form.fields) + 1, again, language, drill=drill))
    return "\n".join(rows) + "\n"


def _hint(one: FieldType, language: str) -> str:
    words = {id_: label[language] for id_, label in catalogue().words.items()}
    if one.among:
        labels = " / ".join(catalogue().phrases[id_][language] for id_ in one.among)
        hint = f"{words['one_of' if one.kind == 'phrase' else 'some_of']}: {labels}"
        hint = hint if one.kind == "phrase" else hint.replace(" / ", "; ")
    elif one.kind == "integer":
        unit = catalogue().units[one.unit][language] if one.unit else ""
        hint = f"{one.low} … {one.high} {unit}".strip()
    elif one.kind == "text":
        hint = f"{one.most} {words['characters']}; {words['each_line']}"
    else:
        hint = _FORMS[one.kind]
    return f"<{hint}>" if one.is_needed else f"<{words['or_leave']}: {hint}>"


def example(form_id: str) -> Message:
    """A message on a form between Arland (AAA), Borland (BBB) and Corvia (CCC), all invented.

    Raises
    ------
    UsageError
        There is no such form.
    """
    name = f"{catalogue().form(form_id).id}.txt"
    folder = files("detente.ground.forms").joinpath("examples")
    return parse(folder.joinpath(name).read_text("utf-8"), file=name)
