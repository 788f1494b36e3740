"""What people on this side queued for their node: drafts, receipts, certificates, a roster, a word.

An item is canonical JSON in a queue on the disk, so that other programs of the same side can add to
it while the node runs. It leaves the queue in the transaction in which it enters the chain: it is
done once, whatever happens between.
"""

from __future__ import annotations

from detente.channel.canonical import Malformed, decode, from_text
from detente.channel.protocol.intake import confirm
from detente.channel.protocol.own import append, message, publish_epoch, settle
from detente.channel.protocol.state import Moment, Node
from detente.channel.receipts import Act, read_acts, receipt_body
from detente.channel.step import Step
from detente.channel.take import Fields

ITEMS = ("draft", "receipt", "credential", "roster", "epoch", "confirm")
MAX_ITEM = 262_144


def take(node: Node, number: int, raw: bytes, moment: Moment) -> Step | None:
    """Do what a queued item asks; None while it must wait for the node to be open."""
    step = Step()
    try:
        fields = Fields(decode(raw, most=MAX_ITEM), "item")
        kind = fields.choice("item", ITEMS)
        if kind != "confirm" and node.standing == "starting":
            return None
        _check_open(node, kind)
        _DO[kind](node, fields, moment, step)
    except Malformed as error:
        step.say("draft refused", detail=str(error))
    step.done.append(number)
    settle(node, step, moment)
    return step


def _check_open(node: Node, kind: str) -> None:
    if kind != "confirm" and node.standing != "open":
        raise Malformed("This node is halted: its chain was continued elsewhere.")


def _draft(node: Node, fields: Fields, moment: Moment, step: Step) -> None:
    parts, text = fields.plain("message"), from_text(fields.text("text", 65_536))
    fields.end()
    message(node, step, moment, parts, text)


def _receipt(node: Node, fields: Fields, moment: Moment, step: Step) -> None:
    acts = read_acts({"acts": fields.items("acts", 128)})
    fields.end()
    fresh = tuple(act for act in acts if not _is_said(node, act))
    if fresh:
        append(node, step, moment, "receipt", receipt_body(fresh))


def _is_said(node: Node, act: Act) -> bool:
    """Whether this side said the same before: two screens may show one message at one time."""
    return act.act in node.record.said((act.party, act.seq), node.me)


def _credential(node: Node, fields: Fields, moment: Moment, step: Step) -> None:
    statement = fields.items("statement", 2)
    fields.end()
    append(node, step, moment, "credential", {"statement": statement})


def _roster(node: Node, fields: Fields, moment: Moment, step: Step) -> None:
    roster = fields.plain("roster")
    fields.end()
    append(node, step, moment, "roster", {"roster": roster})


def _epoch(node: Node, fields: Fields, moment: Moment, step: Step) -> None:
    fields.end()
    publish_epoch(node, step, moment)


def _confirm(node: Node, fields: Fields, _: Moment, step: Step) -> None:
    """A party confirmed our chain by voice: size and root as its officer read them out."""
    party = fields.text("party", 8)
    size, root = fields.number("size", 0, 2**40), fields.text("root", 43, least=8)
    fields.end()
    chain = node.log.chains[node.me]
    if party not in node.links:
        raise Malformed(f"{party} is no other party of this line.")
    if size > chain.size or not chain.root_at(size).startswith(root):
        raise Malformed(f"{party} holds another chain of ours than is held here.")
    confirm(node, node.links[party], step)


_DO = {
    "draft": _draft,
    "receipt": _receipt,
    "credential": _credential,
    "roster": _roster,
    "epoch": _epoch,
    "confirm": _confirm,
}
