"""Passphrases: asked for on a terminal, unseen; from a file for scripts."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.words import _
from detente.ground.errors import UsageError


class Passphrases:
    """Gives passphrases one after another, from a file's lines or from a person."""

    def __init__(self, file: Path | None) -> None:
        self._lines = None if file is None else _lines(file)

    def known(self, whose: str) -> str:
        """The passphrase of a key that there is."""
        return self._next(whose, confirm=False)

    def new(self, whose: str) -> str:
        """A passphrase for a new key; a person types it twice."""
        from detente.channel.node.key_files import passphrase_problem

        passphrase = self._next(whose, confirm=True)
        problem = passphrase_problem(passphrase)
        if problem:
            raise UsageError(_("Passphrase of {whose}: {problem}", whose=whose, problem=problem))
        return passphrase

    def _next(self, whose: str, *, confirm: bool) -> str:
        if self._lines is not None:
            if not self._lines:
                raise UsageError(_("The file of passphrases has none for {whose}.", whose=whose))
            return self._lines.pop(0)
        asked = _("Passphrase of {whose}", whose=whose)
        given: str = click.prompt(
            asked, hide_input=True, confirmation_prompt=confirm, err=True, default="",
            show_default=False,
        )  # fmt: skip
        return given


def _lines(file: Path) -> list[str]:
    from detente.cli.files import contents

    try:
        return contents(file).decode().splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(_("{path} is not UTF-8.", path=file)) from error
