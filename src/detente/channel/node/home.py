"""A party's folder: its keys, its card, the agreement of its line, its log, and what it carries.

::

    AAA.card.json         this party's public card, for the other side
    cards/                the cards of all parties, as they were agreed
    line.json             the agreement; written last, so where it stands all else does
    certificates.json     what the root key certified: the device and the officers
    keys/root.pem         kept offline between uses: it certifies and revokes
    keys/device.pem       signs the chain; no passphrase, as a node starts without a person
    keys/officer-2.pem    one a duty officer
    keys/tls.pem tls.crt  of the node's sockets
    keys/public.json      whose keys there are, by number
    log.sqlite            the log, and the queue that other programs add to
    carry/in out done refused

The folder and its keys are for their owner's eyes alone (modes 0700 and 0600).
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed, decode, encode, to_text
from detente.channel.keys import (
    Agreement,
    Certificate,
    Party,
    Witness,
    agreement_from_plain,
    certify,
    public_text,
)
from detente.channel.message import PRECEDENCES
from detente.channel.node import database
from detente.channel.node.cards import MAX_CARD, Card, read_card, write_card
from detente.channel.node.files import PUBLIC, make_folder, only_one, read_file, write_whole
from detente.channel.node.key_files import (
    draw_key,
    passphrase_problem,
    read_key,
    self_signed,
    write_key,
)
from detente.channel.protocol.found import found
from detente.channel.protocol.state import Identity
from detente.channel.sealing import HYBRID, SUITES
from detente.channel.store import Store
from detente.channel.take import Fields
from detente.ground.errors import UsageError

DEVICE = 1
FOREVER = 2**40
MOST_OFFICERS = 64
_MAX_FILE = 1_048_576
Entropy = Callable[[int], bytes]


@dataclass(frozen=True)
class KeyName:
    """A key of this party: number of its certificate, role, holder's name, public half (text)."""

    serial: int
    role: str
    name: str
    key: str


@dataclass(frozen=True)
class Home:
    """The folder of one party, by the paths in it."""

    path: Path

    @property
    def line(self) -> Path:
        """The agreement."""
        return self.path / "line.json"

    @property
    def log(self) -> Path:
        """The database."""
        return self.path / "log.sqlite"

    @property
    def keys(self) -> Path:
        """The folder of the keys."""
        return self.path / "keys"

    @property
    def cards(self) -> Path:
        """The folder of all parties' cards."""
        return self.path / "cards"

    @property
    def carry(self) -> Path:
        """The folder of what is carried by hand."""
        return self.path / "carry"

    @property
    def wake(self) -> Path:
        """The socket that wakes a running node."""
        return self.path / "wake"

    @property
    def certificates(self) -> Path:
        """What the root certified."""
        return self.path / "certificates.json"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder as the one node that runs on it; `UsageError` where one does already."""
        with only_one(self.path / "lock"):
            yield


# --- a new party ------------------------------------------------------------------------------


def create(
    path: Path,
    party: str,
    name: str,
    *,
    officers: Sequence[tuple[str, str]],
    root_passphrase: str,
    at: int,
    entropy: Entropy,
    address: str = "",
) -> Card:
    """Make a party's folder with new keys, and give its card.

    Parameters
    ----------
    path
        A folder that is new or empty.
    officers
        Name and passphrase of each duty officer; their certificates are numbered from 2.
    address
        ``host:port`` under which this node is to be called; empty for none.

    Raises
    ------
    UsageError
        With all that is wrong with the arguments; nothing was written then.
    """
    problems = _problems(path, party, name, officers, root_passphrase)
    if problems:
        raise UsageError(" ".join(problems))
    home = Home(path)
    for folder in ("keys", "cards", "carry/in", "carry/out", "carry/done", "carry/refused"):
        make_folder(path / folder)
    path.chmod(0o700)
    root, device, socket = (draw_key(entropy) for _ in range(3))
    named = [KeyName(DEVICE, "device", f"{party} node", public_text(device))]
    for serial, (officer, passphrase) in enumerate(officers, start=DEVICE + 1):
        named.append(_new_officer(home, serial, officer, passphrase, entropy))
    write_key(home.keys / "root.pem", root, root_passphrase)
    write_key(home.keys / "device.pem", device)
    write_key(home.keys / "tls.pem", socket)
    _write_names(home, named)
    der = self_signed(socket, party, entropy)
    write_whole(home.keys / "tls.crt", ssl.DER_cert_to_PEM_cert(der).encode())
    card = write_card(root, Card(party, name, public_text(root), to_text(der), address, at))
    write_whole(path / f"{party}.card.json", card.raw, mode=PUBLIC)
    return card


def _problems(
    path: Path, party: str, name: str, officers: Sequence[tuple[str, str]], root_passphrase: str
) -> list[str]:
    found = []
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        found.append(f"{path} is no empty folder.")
    if not (party.isascii() and party.isalnum() and len(party) <= 8):
        found.append("The id of a party has up to 8 letters and digits.")
    if not 0 < len(officers) <= MOST_OFFICERS:
        found.append(f"A party has 1 to {MOST_OFFICERS} officers.")
    for what, text in [("party", name)] + [("officer", each) for each, _ in officers]:
        if not 0 < len(text.strip()) <= 100:
            found.append(f"The name of a{'n' * (what == 'officer')} {what} has 1 to 100 letters.")
    passphrases = [root_passphrase, *(each for _, each in officers)]
    found += [passphrase_problem(each) for each in passphrases]
    return list(dict.fromkeys(each for each in found if each))


def _new_officer(home: Home, serial: int, name: str, passphrase: str, entropy: Entropy) -> KeyName:
    key = draw_key(entropy)
    write_key(home.keys / f"officer-{serial}.pem", key, passphrase)
    return KeyName(serial, "officer", name, public_text(key))


def _write_names(home: Home, named: Sequence[KeyName]) -> None:
    rows = [[each.serial, each.role, each.name, each.key] for each in named]
    write_whole(home.keys / "public.json", encode({"v": 1, "keys": rows}))


def key_names(home: Home) -> tuple[KeyName, ...]:
    """The keys of this party, by number."""
    fields = _fields(home.keys / "public.json", "list of keys")
    rows = fields.rows("keys", 4, 2 * MOST_OFFICERS)
    fields.end()
    return tuple(KeyName(*row) for row in rows)


def own_card(home: Home) -> Card:
    """The card of this very party; `UsageError` where the folder is no party's."""
    found = sorted(home.path.glob("*.card.json"))
    if len(found) != 1:
        raise UsageError(f"{home.path} is no party's folder: it does not hold one card.")
    return load_card(found[0])


def load_card(path: Path) -> Card:
    """The card in a file; `Malformed` where it holds none."""
    try:
        return read_card(read_file(path, MAX_CARD))
    except Malformed as error:
        raise Malformed(f"{path}: {error}") from None


# --- agreeing a line --------------------------------------------------------------------------


def agreement_of(
    cards: Sequence[Card],
    *,
    title: str,
    witnesses: Sequence[Witness] = (),
    suites: Sequence[str] = (HYBRID,),
    two_person: Sequence[str] = ("flash",),
    test_every: int = 3_600,
    drills_only: int = 0,
) -> Agreement:
    """The agreement of these parties: the same from the same cards and options, in any order.

    Raises
    ------
    UsageError
        The options, or the cards together, make no line.
    """
    strange = [*set(suites) - set(SUITES), *set(two_person) - set(PRECEDENCES)]
    if strange:
        raise UsageError(f"Neither a suite nor a precedence is called {min(strange)}.")
    agreement = Agreement(
        title=title,
        parties=tuple(sorted({Party(c.party, c.name, c.root) for c in cards}, key=_id)),
        witnesses=tuple(sorted(set(witnesses), key=lambda each: each.name)),
        suites=tuple(each for each in SUITES if each in suites),
        two_person=tuple(each for each in PRECEDENCES if each in two_person),
        test_every=test_every,
        drills_only=drills_only,
    )
    try:
        return agreement_from_plain(decode(encode(agreement.as_plain())))
    except Malformed as error:
        raise UsageError(str(error)) from None


def _id(party: Party) -> str:
    return party.id


def agree(
    home: Home,
    cards: Sequence[Card],
    agreement: Agreement,
    *,
    root_passphrase: str,
    at: int,
    entropy: Entropy,
) -> None:
    """Bind this folder to a line: certify its keys, begin its chain, write the agreement.

    The first entries are written exactly once: an agreement that was broken off half-way is
    completed, and one that stands is never replaced.

    Raises
    ------
    UsageError
        The folder is on a line already, is no party of this one, or the passphrase is another.
    """
    if home.line.exists():
        raise UsageError(f"{home.line}: this party is on a line already.")
    own = own_card(home)
    if agreement.party(own.party) != Party(own.party, own.name, own.root):
        raise UsageError(f"{own.party}, whose folder this is, is no party of that line.")
    if {Party(card.party, card.name, card.root) for card in cards} != set(agreement.parties):
        raise UsageError("The cards are not those of the parties of that line.")
    root = root_key(home, root_passphrase)
    statements = [_statement(root, agreement, own.party, named) for named in key_names(home)]
    write_whole(home.certificates, encode({"v": 1, "statements": statements}))
    for card in cards:
        write_whole(home.cards / f"{card.party}.card.json", card.raw)
    step = found(identity(home), agreement, statements, entropy, at)
    database.begin(home.log, agreement.line, step, at)
    write_whole(home.line, encode(agreement.as_plain()))


def _statement(
    root: Ed25519PrivateKey, agreement: Agreement, party: str, named: KeyName, *, revoked: int = 0
) -> list[Any]:
    # No date ends a certificate, as a wrong clock would then end the line; a revocation does.
    certificate = Certificate(
        agreement.line, party, named.serial, named.role, named.name, named.key, 0, FOREVER, revoked
    )
    return certify(root, certificate)


def agreement(home: Home) -> Agreement:
    """The agreement of this folder's line; `UsageError` where there is none yet."""
    if not home.line.exists():
        raise UsageError(f"{home.path} is on no line yet: its parties must agree one first.")
    try:
        return agreement_from_plain(decode(read_file(home.line, _MAX_FILE)))
    except Malformed as error:
        raise UsageError(f"{home.line}: {error}") from None


def agreed_cards(home: Home) -> tuple[Card, ...]:
    """The cards of all parties of the line, as they were agreed or taken since."""
    parties = agreement(home).parties
    return tuple(load_card(home.cards / f"{party.id}.card.json") for party in parties)


def renew_card(home: Home, *, address: str, root_passphrase: str, at: int) -> Card:
    """Sign this party's card anew with another address; the others then take it (`take_card`)."""
    card = replace(own_card(home), address=address, at=at)
    signed = write_card(root_key(home, root_passphrase), card)
    write_whole(home.path / f"{card.party}.card.json", signed.raw, mode=PUBLIC)
    return signed


def take_card(home: Home, card: Card) -> None:
    """Take a party's newer card, with another address or certificate under the same root."""
    party = agreement(home).party(card.party)
    if party is None or party.root != card.root:
        raise UsageError(f"The card of {card.party} is not of the root that was agreed.")
    write_whole(home.cards / f"{card.party}.card.json", card.raw)


# --- keys -------------------------------------------------------------------------------------


def identity(home: Home) -> Identity:
    """Who the node of this folder is."""
    return Identity(own_card(home).party, DEVICE, read_key(home.keys / "device.pem"))


def root_key(home: Home, passphrase: str) -> Ed25519PrivateKey:
    """The root key; `UsageError` where it lies elsewhere or the passphrase is another."""
    key = read_key(home.keys / "root.pem", passphrase)
    if public_text(key) != own_card(home).root:
        raise UsageError(f"{home.keys / 'root.pem'}: it is not the root of this party's card.")
    return key


def officer_key(home: Home, serial: int, passphrase: str) -> Ed25519PrivateKey:
    """The key of the duty officer whose certificate has that number."""
    return read_key(home.keys / f"officer-{serial}.pem", passphrase)


def add_officer(
    home: Home, name: str, *, passphrase: str, root_passphrase: str, entropy: Entropy
) -> tuple[int, bytes]:
    """A new officer's key, certified: its number, and the item for the queue."""
    if problem := passphrase_problem(passphrase):
        raise UsageError(problem)
    root, named = root_key(home, root_passphrase), key_names(home)
    serial = max(each.serial for each in named) + 1
    new = _new_officer(home, serial, name, passphrase, entropy)
    _write_names(home, [*named, new])
    statement = _statement(root, agreement(home), own_card(home).party, new)
    return serial, encode({"item": "credential", "statement": statement})


def revocation(home: Home, serial: int, *, root_passphrase: str) -> bytes:
    """The item for the queue that ends a key of this party."""
    named = next((each for each in key_names(home) if each.serial == serial), None)
    if named is None:
        raise UsageError(f"No key of this party has the number {serial}.")
    root = root_key(home, root_passphrase)
    statement = _statement(root, agreement(home), own_card(home).party, named, revoked=1)
    return encode({"item": "credential", "statement": statement})


# --- the log ----------------------------------------------------------------------------------


@contextmanager
def reading(home: Home) -> Iterator[Store]:
    """The log of this folder for a program beside its node, until the block ends.

    Items may be queued through it; each read sees what the node had written by then.
    """
    with closing(database.connect_beside(home.log)) as connection:
        yield Store(connection)


def queue(home: Home, item: bytes) -> int:
    """Queue an item for the node, which may run meanwhile; its number, once it is on the disk."""
    return database.queue(home.log, home.wake, item)


def _fields(path: Path, what: str) -> Fields:
    try:
        fields = Fields(decode(read_file(path, _MAX_FILE), most=_MAX_FILE), what)
        fields.number("v", 1, 1)
    except Malformed as error:
        raise UsageError(f"{path}: {error}") from None
    return fields
