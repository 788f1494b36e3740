"""A bundle as the attachment of a mail, and out of it again: bytes in, bytes out.

Whatever mail programs do to the text around it, the attachment is the very same file.
"""

from __future__ import annotations

import hashlib
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.parser import BytesParser

from detente.channel import bundle
from detente.channel.canonical import Malformed
from detente.ground.errors import UsageError

SUBJECT = "Bundle of a line"
WORDS = "The file attached is for the node of the party it is addressed to.\n"
_TYPE = ("application", "vnd.detente.bundle")
MOST_PARTS = 100
MOST_BUNDLES = 16


def pack(
    raw: bytes, *, sender: str, recipient: str, subject: str = SUBJECT, words: str = WORDS
) -> bytes:
    """A mail (RFC 5322) with a bundle attached; the same bytes for the same arguments.

    Raises
    ------
    UsageError
        An address or the subject cannot stand in a header.
    """
    mail = EmailMessage(policy=policy.SMTP)
    try:
        mail["From"], mail["To"], mail["Subject"] = sender, recipient, subject
    except (ValueError, IndexError, MessageError) as error:
        raise UsageError(f"It cannot stand in the head of a mail: {error}") from None
    mail.set_content(words)
    name = f"{hashlib.sha256(raw).hexdigest()[:16]}.bundle"
    mail.add_attachment(raw, maintype=_TYPE[0], subtype=_TYPE[1], filename=name)
    mail.set_boundary(f"bundle-{hashlib.sha256(raw).hexdigest()[:32]}")
    return mail.as_bytes()


def unpack(data: bytes) -> list[bytes]:
    """The bundles attached to a mail.

    Raises
    ------
    Malformed
        It is no mail with a bundle attached.
    """
    try:
        mail = BytesParser(policy=policy.compat32).parsebytes(data)
        parts = [part for _, part in zip(range(MOST_PARTS), mail.walk(), strict=False)]
        found = [_attached(part) for part in parts if _is_bundle(part)]
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        # The library's own reader fails in many ways on what no mail program writes.
        raise Malformed("It is no mail that can be read.") from None
    whole = [raw for raw in found if 0 < len(raw) <= bundle.MAX_BYTES]
    if not whole:
        raise Malformed("No bundle is attached to the mail.")
    return whole[:MOST_BUNDLES]


def _is_bundle(part: Message) -> bool:
    name = part.get_filename() or ""
    return part.get_content_type() == "/".join(_TYPE) or name.lower().endswith(".bundle")


def _attached(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
