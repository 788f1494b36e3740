"""`detente line demo`: two nodes and a witness on this machine, from a question to the proof."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.files import AS_JSON, write_new
from detente.cli.line.heading import wrapped
from detente.cli.line.options import OUT
from detente.cli.show import print_json
from detente.cli.words import _
from detente.ground.errors import StoreError, UsageError

if TYPE_CHECKING:
    from detente.cli.line.demo.narrator import Narrator
    from detente.cli.line.demo.proofs import Proved
    from detente.cli.line.demo.stage import Stage


@click.command(
    short_help=_("Two nodes on this machine, from a question to the proof."),
    help=_(
        "Play through a drill between two invented parties on this machine: keys, a question in "
        "English read in Russian, read-back, receipts, a link that is cut and heals, and the proof "
        "that both logs agree, with files that anybody can verify. Real keys, sealing, sockets and "
        "logs; only the clock on the stage jumps. It takes about a minute, with --fast seconds."
    ),
    epilog=_("Example: detente line demo --out demo"),
)
@click.option("--fast", is_flag=True, help=_("Leave no time to read along."))
@click.option("--out", type=OUT, help=_("A new folder that keeps everything."))
@AS_JSON
def demo(*, fast: bool, out: Path | None, as_json: bool) -> None:
    """Play it."""
    import asyncio

    from detente.cli.line.demo.narrator import Narrator
    from detente.cli.line.demo.stage import build, play

    told = Narrator(is_fast=fast or as_json, is_silent=as_json)
    if not as_json:
        _before()
    found: list[Proved] = []
    with _folder(out) as folder:
        stage = build(folder)
        asyncio.run(play(stage, _acts(stage, told, found)))
        for party, data in found[0].logs.items():
            write_new(folder / f"{party}.log", data)
        for party, note in zip(stage.homes, found[0].witnessed, strict=True):
            write_new(folder / f"{party}.witness.note", note.encode())
    if as_json:
        print_json("line-demo", _json(found[0]))
    else:
        _after(out)


async def _acts(stage: Stage, told: Narrator, found: list[Proved]) -> None:
    from detente.cli.line.demo import acts
    from detente.cli.line.demo.proofs import proofs

    for act in (acts.agreed, acts.asks, acts.cut, acts.healed):
        await act(stage, told)
    found.append(await proofs(stage, told))


@contextmanager
def _folder(out: Path | None) -> Iterator[Path]:
    if out is None:
        with tempfile.TemporaryDirectory(prefix="detente-line-") as path:
            yield Path(path)
        return
    try:
        out.mkdir(parents=True)
    except FileExistsError as error:
        raise UsageError(_("{out} exists; name a new folder.", out=out)) from error
    except OSError as error:
        raise StoreError(_("{out} could not be written: {error}", out=out, error=error)) from error
    yield out


def _before() -> None:
    click.echo(_("not an accredited state channel"))
    words = _(
        "A drill between invented parties, on this machine alone. A message here is no treaty "
        "notice by itself."
    )
    click.echo("\n".join(wrapped(words)))


def _after(out: Path | None) -> None:
    click.echo("")
    click.echo(_("not an accredited state channel; end of the drill"))
    if out is None:
        click.echo(_("Keep all of it with: detente line demo --out DIR"))
        return
    click.echo(_("Look at it: detente line inbox {path}", path=out / "arland"))
    click.echo(_("Verify it:  detente line verify {a} {b}", a=out / "AAA.log", b=out / "BBB.log"))


def _json(found: Proved) -> dict[str, Any]:
    chains = [
        {"party": each.party, "sizes": each.sizes, "roots": each.roots, "agrees": each.agrees}
        for each in found.two.chains
    ]
    return {
        "agree": found.two.agree,
        "chains": chains,
        "witnessed": list(found.witnessed),
        "verified": found.verified,
    }
