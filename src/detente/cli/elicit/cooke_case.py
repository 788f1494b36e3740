"""The classical model on the quantities of a case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from detente.case.read import read_case
from detente.cli.elicit.cooke import told_of
from detente.cli.files import waiting
from detente.cli.words import _
from detente.elicitation.cooke import analyse
from detente.elicitation.panel_study import may_be_told, panel_study


def analyse_case(folder: Path) -> dict[str, Any]:
    """The analysis of the quantities of the case in ``folder``."""
    with waiting(_("reading")):
        case = read_case(folder)
    with waiting(_("weighing")):
        study = panel_study(case)
        found = analyse(study)
        kept = {
            name: maker
            for name, maker in found.decision_makers.items()
            if may_be_told(case, study, maker)
        }
        told = told_of(study, replace(found, decision_makers=kept))
        for maker in told["decision_makers"]:
            maker["alpha"] = None  # the best cut is the calibration of one person
    reason = _("its weight lies on too few people")
    withheld = [
        {"name": name, "reason": reason} for name in found.decision_makers if name not in kept
    ]
    return told | {"withheld": withheld}
