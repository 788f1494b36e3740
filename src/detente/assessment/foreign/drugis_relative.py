"""Distributions of several alternatives at once in files of the drugis tool: ``relative-...``.

All alternatives have a common ``baseline`` and ``relative`` effects against it, of type ``dmnorm``:
``mu`` by alternative and ``cov`` with ``rownames``, ``colnames`` and ``data``. Both stand on the
scale of a link: ``relative-normal`` none, ``relative-log-normal`` the logarithm,
``relative-logit-normal`` the log odds, ``relative-cloglog-normal`` log(-log(1 - p)), and
``relative-survival`` the logarithm of the rate of an exponential survival, of which the baseline's
``summaryMeasure`` is told: ``mean``, ``median`` or ``survivalAtTime`` at its ``time``, as a share.

A baseline is ``dnorm`` (mu, sigma), ``dt`` (mu, stdErr, dof), ``dbeta-logit`` or ``dbeta-cloglog``
(alpha, beta of a beta distribution of the share, whose log odds or complementary log log are
taken); of survival ``dsurv`` (alpha, beta of a gamma distribution of the rate, beta a rate itself).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import special

from detente.assessment.foreign.drugis_json import Reader, is_number
from detente.assessment.smaa.joint import Floats, Joint, Link, Quantile, covariance_root

LINKS: Mapping[str, Link] = {
    "relative-normal": "identity",
    "relative-log-normal": "log",
    "relative-logit-normal": "logit",
    "relative-cloglog-normal": "cloglog",
}
SURVIVAL = "relative-survival"
RELATIVE = (*LINKS, SURVIVAL)
_SUMMARIES: Mapping[str, Link] = {
    "mean": "mean",
    "median": "median",
    "survivalAtTime": "survival",
}
_BASES = {
    "dnorm": ("mu", "sigma"),
    "dt": ("mu", "stdErr", "dof"),
    "dbeta-logit": ("alpha", "beta"),
    "dbeta-cloglog": ("alpha", "beta"),
    "dsurv": ("alpha", "beta"),
}
_ABOVE_0 = ("stdErr", "dof", "alpha", "beta", "time")


def relative(
    reader: Reader, key: str, stated: Mapping[str, Any], options: Sequence[str]
) -> Joint | None:
    """The scores of all ``options`` by a distribution ``relative-...``; None with findings."""
    kind = str(stated["type"])
    given = stated.get("parameters", stated)
    base = reader.table(given, "baseline", f"{key}.baseline")
    effects = reader.table(given, "relative", f"{key}.relative")
    if not base or not effects:
        return None
    before = len(reader.findings)
    quantile = _baseline(reader, f"{key}.baseline", base, survival=kind == SURVIVAL)
    link, time = _link(reader, f"{key}.baseline", base, kind)
    found = _effects(reader, f"{key}.relative", effects, options)
    if len(reader.findings) > before or quantile is None or link is None or found is None:
        return None
    mean, root = found
    return Joint(quantile, mean, root, link, time)


def _baseline(
    reader: Reader, key: str, base: Mapping[str, Any], *, survival: bool
) -> Quantile | None:
    kind = base.get("type")
    known = [name for name in _BASES if (name == "dsurv") == survival]
    if not isinstance(kind, str) or kind not in known:
        reader.find(f"{key}.type", f"is `{kind}`.", f"write one of {', '.join(known)}.")
        return None
    names = _BASES[kind]
    numbers = reader.named(base.get("parameters", base), key, names, kind)
    if numbers is None:
        return None
    for name, number in zip(names, numbers, strict=True):
        if (name in _ABOVE_0 and number <= 0) or (name == "sigma" and number < 0):
            least = "above 0" if name in _ABOVE_0 else "0 or more"
            reader.find(f"{key}.{name}", f"is {number:g}.", f"write a number {least}.")
    return _quantile(kind, numbers)


def _quantile(kind: str, numbers: tuple[float, ...]) -> Quantile:
    """The quantiles of a baseline on the scale of its link."""
    a, b = numbers[:2]

    def of_normal(u: Floats) -> Floats:
        return np.asarray(a + b * special.ndtri(u))

    def of_t(u: Floats) -> Floats:
        return np.asarray(a + b * special.stdtrit(numbers[2], u))

    def of_odds(u: Floats) -> Floats:
        return np.asarray(special.logit(special.betaincinv(a, b, u)))

    def of_log_log(u: Floats) -> Floats:
        return np.asarray(np.log(-np.log1p(-special.betaincinv(a, b, u))))

    def of_rate(u: Floats) -> Floats:
        return np.asarray(np.log(special.gammaincinv(a, u)) - np.log(b))

    return {
        "dnorm": of_normal,
        "dt": of_t,
        "dbeta-logit": of_odds,
        "dbeta-cloglog": of_log_log,
        "dsurv": of_rate,
    }[kind]


def _link(
    reader: Reader, key: str, base: Mapping[str, Any], kind: str
) -> tuple[Link | None, float]:
    if kind != SURVIVAL:
        return LINKS[kind], 1.0
    given = base.get("parameters", base)
    where: Mapping[str, Any] = {**base, **given} if isinstance(given, dict) else base
    summary = where.get("summaryMeasure")
    if not isinstance(summary, str) or summary not in _SUMMARIES:
        mend = f"write one of {', '.join(_SUMMARIES)}."
        reader.find(f"{key}.summaryMeasure", f"is `{summary}`.", mend)
        return None, 1.0
    if summary != "survivalAtTime":
        return _SUMMARIES[summary], 1.0
    time: Any = where.get("time")
    if not is_number(time) or time <= 0:
        reader.find(f"{key}.time", f"is `{time}`.", "write a number above 0.")
        return None, 1.0
    return _SUMMARIES[summary], float(time)


def _effects(
    reader: Reader, key: str, effects: Mapping[str, Any], options: Sequence[str]
) -> tuple[Floats, Floats] | None:
    """The mean effects (m,) in the order of the options, and a root (m, k) of their covariance."""
    kind = effects.get("type")
    if kind != "dmnorm":
        reader.find(f"{key}.type", f"is `{kind}`.", "write dmnorm.")
        return None
    mean = reader.named(effects.get("mu"), f"{key}.mu", tuple(options), "all alternatives")
    table = reader.table(effects, "cov", f"{key}.cov")
    if mean is None or not table:
        return None
    names = table.get("rownames")
    if not isinstance(names, list) or names != table.get("colnames"):
        mend = "name the alternatives in one order."
        reader.find(f"{key}.cov", "has rownames other than colnames.", mend)
        return None
    if sorted(map(str, names)) != sorted(options):
        mend = "name each of them once, and no other."
        reader.find(f"{key}.cov.rownames", "are not all alternatives.", mend)
        return None
    data = table.get("data")
    rows = data if isinstance(data, list) and len(data) == len(names) else [None] * len(names)
    read = [
        reader.numbers(row, f"{key}.cov.data[{place}]", len(names))
        for place, row in enumerate(rows)
    ]
    listed = [row for row in read if row is not None]
    if len(listed) < len(rows):
        return None
    order = [names.index(option) for option in options]
    covariance = np.array(listed)[np.ix_(order, order)]
    root = reader.made(f"{key}.cov", lambda: covariance_root(covariance))
    return None if root is None else (np.array(mean), root)
