"""Run the channel's simulator over many seeds: ``python -m detente.channel.simulator``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from detente.channel.simulator.survey import Summary, survey


@click.command()
@click.option("--seeds", default=20, show_default=True, help="How many runs.")
@click.option("--first", default=0, show_default=True, help="The seed of the first run.")
@click.option("--messages", default=200, show_default=True, help="Messages in a run.")
@click.option("--jobs", default=1, show_default=True, help="Processes.")
@click.option("--trace", type=click.Path(path_type=Path), help="Write the trace of one seed here.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def main(
    *, seeds: int, first: int, messages: int, jobs: int, trace: Path | None, as_json: bool
) -> None:
    """Let nodes exchange messages among faults and compare what each holds at the end.

    A seed that breaks a promise is printed with the command that repeats it; its trace is written
    to a file. The exit code is 1 then.
    """
    if trace is not None:
        from detente.channel.simulator.run import simulate

        trace.write_text(simulate(first, messages).trace, encoding="utf-8")
        seeds = 1
    total = Summary()
    for run in survey(range(first, first + seeds), messages, jobs=jobs):
        total.add(run)
        if run.broken:
            file = Path(f"simulator-{run.seed}-{messages}.trace")
            file.write_text(run.trace, encoding="utf-8")
            click.echo(f"Seed {run.seed}: {run.broken[0]} ({len(run.broken)}); {file}", err=True)
            again = f"--seeds 1 --first {run.seed} --messages {messages}"
            click.echo(f"  python -m detente.channel.simulator {again}", err=True)
        if total.runs % max(1, seeds // 100) == 0:
            click.echo(f"{total.runs} of {seeds} runs, {len(total.broken)} broken", err=True)
    if as_json:
        click.echo(json.dumps(total.as_plain(), indent=2))
    else:
        _tell(total)
    sys.exit(1 if total.broken else 0)


def _tell(total: Summary) -> None:
    click.echo(f"{total.runs} runs, {total.messages:,} messages, {total.acknowledged:,} receipts.")
    for kind, count in total.faults.items():
        click.echo(f"{count:>9,}  {kind}")
    click.echo(f"{len(total.broken)} runs broke a promise.")


if __name__ == "__main__":
    main()
