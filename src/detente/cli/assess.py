"""`detente assess`: the main job, from a case folder to its reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from detente.cli.words import _

if TYPE_CHECKING:
    from detente.assessment.results import AssessmentResults
    from detente.case.case import Case
    from detente.report.language import Phrases

POINTS = 2**14


Stage = Callable[[str], None]


@click.command(
    help=_("Assess CASE and write index.html, report.pdf, results.json and tables/ into DIR."),
    epilog=_("Example: detente assess cases/training --out out/training"),
)
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help=_("Folder for the reports; an earlier report in it is replaced."),
)
@click.option("--lang", default="en", show_default=True, help=_("Language of the reports."))
@click.option(
    "--points",
    default=POINTS,
    show_default=True,
    help=_("Samples of every uncertain number; a power of two."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Results as JSON on standard output."))
def assess(case: Path, *, out: Path, lang: str, points: int, as_json: bool) -> None:
    """Read, assess, write; the summary goes to standard output, progress to standard error."""
    with _progress() as stage:
        stage(_("reading"))
        from detente.assessment.assess import assess as run
        from detente.case.read import read_case
        from detente.report.charts import warm_up
        from detente.report.language import phrases
        from detente.report.write.folder import write_folder

        language = phrases(lang)
        read = read_case(case)
        drawing = Thread(target=warm_up)
        drawing.start()
        results = run(read, points=points, progress=stage)
        files = report_files(read, results, language, stage)
        stage(_("writing"))
        write_folder(out, files)
    if as_json:
        click.echo(files["results.json"].decode(), nl=False)
    else:
        _summary(read, results, language, out)


def report_files(
    case: Case, results: AssessmentResults, language: Phrases, stage: Stage
) -> dict[str, bytes]:
    """Every file of the report by its name below the output folder."""
    from detente.report.edition import edition
    from detente.report.schema import FORMAT
    from detente.report.write.csv import tables
    from detente.report.write.html import html
    from detente.report.write.json import encode
    from detente.report.write.pdf import pdf

    document = edition(case, results, language)
    with ThreadPoolExecutor(1) as beside:  # drawing and typesetting leave the interpreter free
        paper = beside.submit(pdf, document)
        stage(_("web page"))
        files = {"index.html": html(document)}
        stage(_("tables"))
        files["results.json"] = encode({"format": FORMAT, "results": results})
        files.update({f"tables/{name}.csv": data for name, data in tables(document).items()})
        stage(_("PDF"))
        files["report.pdf"] = paper.result()
    return files


STAGES = 9


@contextmanager
def _progress() -> Iterator[Stage]:
    """A bar with the time left on standard error; silent where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<16}"), BarColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=STAGES)
        begun = 0

        def stage(name: str) -> None:
            nonlocal begun
            bar.update(task, description=name, completed=begun)
            bar.refresh()
            begun += 1

        yield stage


def _summary(case: Case, results: AssessmentResults, language: Phrases, out: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    from detente.report.names import Names

    names = Names(case, language)
    console = Console()
    table = Table(title=names.text(case.about.title), title_justify="left", box=None)
    for title in (_("measure"), _("common ground"), _("survives every belief"), _("today")):
        table.add_column(title, overflow="fold")
    survivors = {choice.measure for choice in results.choices}
    states = {state.measure: state.state for state in results.states}
    for one in results.ground:
        table.add_row(
            names.measure(one.measure),
            names.ground(one.kind),
            _("yes") if one.measure in survivors else _("no"),
            names.state(states[one.measure]),
        )
    console.print(table)
    console.print(_("Web page: {path}", path=out / "index.html"), soft_wrap=True, highlight=False)
    console.print(_("PDF:      {path}", path=out / "report.pdf"), soft_wrap=True, highlight=False)
