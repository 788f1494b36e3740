"""What must hold in every run, whatever fails: watched from outside, by one who sees all sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detente.channel.record import Place
from detente.channel.simulator.drafts import Draft
from detente.channel.step import Event

if TYPE_CHECKING:
    from detente.channel.simulator.host import Host

# What no fault of a carrier or a disk may lead to: it would be a sign of two writers of one chain.
NEVER = frozenset({"fork", "split", "irregular", "key used elsewhere", "read-back differs"})
# What only a disk that lost something that had been written to it may lead to.
AFTER_A_LOSS = frozenset({"restored", "damaged", "healed"})
# The same, and it may come to notice later: a draft comes out of the backup a second time.
AFTER_ANY_LOSS = frozenset({"unreadable", "text back", "draft refused"})


@dataclass
class Watch:
    """Every promise made in a run, and every one that did not hold (``broken``).

    ``counts`` holds what was done and what befell, as the faults do in `Run.faults`.
    """

    drafts: dict[str, Draft] = field(default_factory=dict)
    stored: set[tuple[str, str]] = field(default_factory=set)
    displayed: dict[tuple[str, str], int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    losses: int = 0

    def hold(self, what: str, *, holds: bool) -> None:
        """Note a promise that did not hold."""
        if not holds:
            self.broken.append(what)

    # --- while the run goes on ------------------------------------------------------------------

    def came_back(self, host: Host, lost_before: set[Place]) -> None:
        """A node loaded from its disk holds all that was durable, unless the disk lost some."""
        node = host.node
        assert node is not None
        for place, message in node.record.messages.items():
            if place[0] == host.party:  # its people see what the record says, as well as events
                for to in message.slip.to:
                    if "stored" in node.record.said(place, to):
                        self.stored.add((message.slip.number, to))
        if host.loss is not None:
            return
        who, sizes = host.party, node.sizes()
        for chain, size in host.durable.items():
            held = f"{sizes[chain]} of {size} durable entries"
            self.hold(f"{who} came back with {held} of {chain}.", holds=sizes[chain] >= size)
        fresh = sorted(node.lost - lost_before)
        self.hold(f"{who} came back without the texts {fresh}.", holds=not fresh)
        missing = sorted(host.queued - host.known_numbers())
        self.hold(f"{who} came back without the queued {missing}.", holds=not missing)

    def heard(self, host: Host, events: Iterable[Event]) -> None:
        """Events that a node said once they were durable."""
        for event in events:
            self.counts[f"event {event.kind}"] += 1
            where = f"{host.party} said {event.kind} of {event.party} {event.place}"
            if event.kind in NEVER:
                self.hold(f"{where}: {event.detail}", holds=False)
            elif event.kind in AFTER_A_LOSS:
                self.hold(f"{where} and lost nothing.", holds=host.loss is not None)
            elif event.kind in AFTER_ANY_LOSS:
                self.hold(f"{where} and nobody lost anything.", holds=self.losses > 0)
            elif event.kind == "stored":
                self.stored.add((event.number, event.party))

    def displays(self, host: Host, number: str, text: bytes | None) -> None:
        """A message appears on the duty officer's screen as new."""
        key = (host.party, number)
        draft = self.drafts.get(number)
        same = draft is not None and text == draft.text
        self.hold(f"{host.party} displays another text of {number} than was sent.", holds=same)
        before = self.displayed.get(key)
        self.hold(f"{host.party} displays {number} again.", holds=before != host.losses)
        if before is not None:
            self.counts["shown again as the disk lost that it was"] += 1
        self.displayed[key] = host.losses

    def displays_as_shown(self, host: Host, number: str) -> None:
        """A message of which the queue says that it was shown stands on the screen after a start.

        The process may have ended between the word and the screen; so it is shown, but not as new.
        """
        self.displayed.setdefault((host.party, number), host.losses)

    # --- at the end -----------------------------------------------------------------------------

    def end(self, hosts: Sequence[Host]) -> None:
        """Both logs agree, and all that was promised is in them."""
        self._agree(hosts)
        for host in hosts:
            self._complete(host)
            self._shown_once(host)
        self.counts["acknowledged"] = len(self.stored)
        for number, party in sorted(self.stored):
            host = next(each for each in hosts if each.party == party)
            held = host.text_of(number) == self.drafts[number].text
            self.hold(f"{party} acknowledged {number} and does not hold it.", holds=held)

    def _agree(self, hosts: Sequence[Host]) -> None:
        first = hosts[0].node
        for host in hosts:
            node = host.node
            if first is None or node is None:
                self.hold(f"{host.party} is down at the end.", holds=False)
                return
            self.hold(f"{host.party} ends {node.standing}.", holds=node.standing == "open")
            same = node.log.heads() == first.log.heads()
            self.hold(f"{host.party} holds other tree heads at the end.", holds=same)
            known = node.record.by_number == first.record.by_number
            self.hold(f"{host.party} knows other messages at the end.", holds=known)
            for place, message in node.record.messages.items():
                for to in message.slip.to:
                    mine, other = (
                        each.record.passage(place, to).standing for each in (node, first)
                    )
                    what = f"{message.slip.number} is {mine} for {host.party}, {other} elsewhere."
                    self.hold(what, holds=mine == other != "sent")

    def _complete(self, host: Host) -> None:
        """Every message is in the chain, once, readable at both ends, with the text as written."""
        numbers = Counter(
            message.slip.number
            for message in ([] if host.node is None else host.node.record.messages.values())
        )
        self.hold(f"{host.party} has two of one number.", holds=set(numbers.values()) <= {1})
        for number, draft in self.drafts.items():
            if host.party not in {*draft.to, number.split("-")[0]}:
                continue
            held = host.text_of(number) == draft.text
            self.hold(f"{host.party} does not hold {number} at the end.", holds=held)

    def _shown_once(self, host: Host) -> None:
        """The durable record says of each message once that it was shown."""
        said = Counter(host.shown_acts())
        again = sorted(place for place, count in said.items() if count > 1)
        self.hold(f"{host.party} says twice that {again} were shown.", holds=not again)
        due = {number for number, draft in self.drafts.items() if host.party in draft.to}
        done = {number for party, number in self.displayed if party == host.party}
        self.hold(f"{host.party} never displayed {sorted(due - done)}.", holds=due <= done)
