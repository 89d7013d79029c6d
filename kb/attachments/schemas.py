"""What is said of an attachment, and how a note's text names one."""

import re
from typing import TypedDict

from kb.attachments.models import Attachment
from kb.ids import ALPHABET, LONG

NAMED = re.compile(rf"/attachments/([{ALPHABET}]{{{LONG}}})(?![0-9A-Za-z])")


class AttachmentAnswer(TypedDict):
    """A file of a note: `size` in bytes, `type` by its bytes, `url` for browsers."""

    id: str
    name: str
    size: int
    sha256: str
    type: str
    url: str


def attachment_json(attachment: Attachment) -> AttachmentAnswer:
    """An attachment as it is answered."""
    return AttachmentAnswer(
        id=attachment.id,
        name=attachment.name,
        size=attachment.size,
        sha256=attachment.sha256,
        type=attachment.media_type,
        url=f"/attachments/{attachment.id}",
    )


def named_in(body: str) -> set[str]:
    """Ids of the attachments a text names, whether or not they are there."""
    return set(NAMED.findall(body))
