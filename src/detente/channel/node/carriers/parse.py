"""The carriers that a person names on the command line.

========================  ==========================================================================
``tls-listen:HOST:PORT``  wait for calls by TLS; port 0 for any
``tls:BBB``               call BBB at the address on its card
``tls:BBB@HOST:PORT``     call BBB there
``tcp-listen:HOST:PORT``  the same without TLS, on the loopback alone
``tcp:BBB@HOST:PORT``
``folder``                by files in ``carry/`` of the party's folder
``folder:PATH``           by files in another folder, in its ``in`` and ``out``
``serial:PATH@RATE``      by a serial line of so many bit/s, to the only other party
``serial:BBB@PATH@RATE``  the same, to BBB
========================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from detente.channel.canonical import from_text
from detente.channel.node.cards import Card
from detente.channel.node.carriers.carrier import Carrier
from detente.channel.node.carriers.folder import Folder
from detente.channel.node.carriers.serial import Serial
from detente.channel.node.carriers.tls import Pins, Sockets
from detente.channel.node.home import Home, agreed_cards, agreement, own_card
from detente.ground.errors import UsageError

Address = tuple[str, int]


def parse(home: Home, words: Sequence[str]) -> list[Carrier]:
    """The carriers that these words name, in their order: the first is preferred.

    Raises
    ------
    UsageError
        With all that is wrong with the words.
    """
    kinds: dict[str, list[str]] = {}
    for word in words:
        kinds.setdefault(word.partition(":")[0].removesuffix("-listen"), []).append(word)
    found: list[Carrier] = []
    problems = []
    for kind, these in kinds.items():
        try:
            found += _MAKE.get(kind, _unknown)(home, these)
        except UsageError as error:
            problems.append(str(error))
    if problems:
        raise UsageError(" ".join(problems))
    return found


def _sockets(home: Home, words: Sequence[str]) -> list[Carrier]:
    """One carrier for all sockets of a kind: it may listen once and call each party once."""
    cards, own = {card.party: card for card in agreed_cards(home)}, own_card(home)
    others = tuple(party for party in cards if party != own.party)
    listen: Address | None = None
    calls: dict[str, Address] = {}
    for word in words:
        kind, _, rest = word.partition(":")
        if kind.endswith("-listen"):
            listen = _address(rest, word)
            continue
        party, _, where = rest.partition("@")
        if party not in others:
            raise UsageError(f"{word}: {party!r} is no other party of the line.")
        calls[party] = _address(where or cards[party].address, word)
    is_plain = words[0].startswith("tcp")
    pins = None if is_plain else _pins(home, [cards[party] for party in others])
    return [Sockets(agreement(home).line, own.party, others, listen, calls, pins)]


def _pins(home: Home, cards: Sequence[Card]) -> Pins:
    bare = [card.party for card in cards if not card.certificate]
    if bare:
        raise UsageError(f"The card of {bare[0]} holds no certificate; TLS needs one.")
    others = {card.party: from_text(card.certificate) for card in cards}
    return Pins(str(home.keys / "tls.crt"), str(home.keys / "tls.pem"), others)


def _address(text: str, word: str) -> Address:
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise UsageError(f"{word}: {text!r} is no address; write it as host:port.")
    return host, int(port)


def _folders(home: Home, words: Sequence[str]) -> list[Carrier]:
    me = own_card(home).party
    paths = [word.partition(":")[2] for word in words]
    return [Folder(me, Path(path) if path else home.carry) for path in paths]


def _serials(home: Home, words: Sequence[str]) -> list[Carrier]:
    me = own_card(home).party
    others = [party for party in agreement(home).ids if party != me]
    found: list[Carrier] = []
    for word in words:
        where, _, rate = word.partition(":")[2].rpartition("@")
        party, _, path = where.partition("@")
        if not path and not others[1:]:  # there is one party that it can be
            party, path = others[0], where
        if not path or not rate.isdecimal() or party not in others:
            raise UsageError(f"{word}: write it as serial:PARTY@PATH@RATE.")
        found.append(Serial(path, int(rate), party))
    return found


def _unknown(_: Home, words: Sequence[str]) -> list[Carrier]:
    raise UsageError(f"{words[0]!r} is no carrier; there are {', '.join(_MAKE)}.")


_MAKE = {"tls": _sockets, "tcp": _sockets, "folder": _folders, "serial": _serials}
