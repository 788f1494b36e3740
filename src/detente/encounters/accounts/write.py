"""An account as YAML, and the blank one to start from."""

from __future__ import annotations

from importlib.resources import files

import yaml

from detente.encounters.accounts.model import Account


def account_text(account: Account) -> str:
    """The YAML of an account; keys that hold their defaults are left out."""
    stated = account.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    value = {"format": Account.FORMAT, **{k: v for k, v in stated.items() if k != "format"}}
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)


def blank(incident: str, side: str, day: str) -> str:
    """A commented account of ``side`` to fill in."""
    text = files("detente.encounters.accounts").joinpath("blank.yaml").read_text("utf-8")
    for key, value in (("INCIDENT", incident), ("SIDE", side), ("DAY", day)):
        text = text.replace(f"<{key}>", yaml.safe_dump(value, allow_unicode=True).split("\n")[0])
    return text
