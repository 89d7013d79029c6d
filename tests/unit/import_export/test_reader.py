from __future__ import annotations

import pytest

from kb.errors import Invalid
from kb.import_export.reader import ReadNote, language_of, read, title_of
from kb.import_export.sources import MOST_BYTES, Entry


def note(text: str | bytes, name: str = "folder/refund_review.md") -> ReadNote:
    data = text.encode() if isinstance(text, str) else text
    return read(Entry(name, len(data), lambda: data))


def test_front_matter_gives_the_fields():
    read_note = note(
        "---\ntitle: 退款审核\nkind: case\nitems: [refund-review, 订单]\nimportance: high\ntags: [退款]\n"
        "author: 林 <Lin@Example.com>\nowner: chen@example.com\nlanguage: zh-Hans\nid: x\n---\n\n正文\n"
    )
    assert read_note.fields == {
        "title": "退款审核", "kind": "case", "importance": "high", "tags": ["退款"], "language": "zh-Hans",
        "body": "正文\n",
    }  # fmt: skip
    assert read_note.items == ("refund-review", "订单")
    assert (read_note.author, read_note.owner) == ("lin@example.com", "chen@example.com")


@pytest.mark.parametrize(
    ("body", "title", "rest"),
    [
        ("# Refunds\n\nText", "Refunds", "Text"),
        ("\n# **Big** `code` [link](x) #\nText", "Big code link", "Text"),
        ("Refunds\n=======\n\nText", "Refunds", "Text"),
        ("Intro\n\n# Later\n", "Later", "Intro\n\n# Later\n"),
        ("```sh\n# no title\n```\n", "a file name", "```sh\n# no title\n```\n"),
        ("````\n```\n# no title\n````\n\n# Real\n", "Real", "````\n```\n# no title\n````\n\n# Real\n"),
        ("#tag and ## two\n", "a file name", "#tag and ## two\n"),
        ("# \n\nText", "a file name", "# \n\nText"),
    ],
)
def test_the_title_is_the_first_heading_or_the_file_name(body: str, title: str, rest: str):
    assert title_of("a/b/a_file_name.md", body) == (title, rest)


def test_a_title_found_is_one_line_of_at_most_200_characters():
    title, _body = title_of("x.md", "# " + "长" * 300)
    assert title == "长" * 199 + "…"
    assert title_of("a\u202eb\x07.md", "")[0] == "a b"
    assert title_of(".md", "")[0] == "Without a title"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("先看订单 ERP", "zh-Hans"),
        ("See the 订单 page of the ERP before you refund anything", "en"),
        ("", "en"),
        ("`git push` 之后等流水线跑完", "zh-Hans"),
    ],
)
def test_the_language_is_guessed(text: str, language: str):
    assert language_of(text) == language


def test_line_ends_become_newlines():
    assert note("# A\r\n\r\nb\r\nc\rd").fields["body"] == "b\nc\nd"


@pytest.mark.parametrize(
    "data",
    [b"\xfa broken \x80", b"---\na: [\n---\nx", b"x" * (MOST_BYTES + 1)],
    ids=["bytes", "yaml", "size"],
)
def test_what_cannot_be_read_is_named_by_file(data: bytes):
    with pytest.raises(Invalid) as refused:
        note(data)
    assert refused.value.errors[0].field == "folder/refund_review.md"


@pytest.mark.parametrize(
    ("body", "rest"),
    [
        ("\n# refund  Review\n\nText", "Text"),
        ("Refund review\n===\nText", "Text"),
        ("# Another\n\nText", "# Another\n\nText"),
        ("Text\n\n# Refund review\n", "Text\n\n# Refund review\n"),
    ],
)
def test_a_heading_that_repeats_the_title_is_taken_out(body: str, rest: str):
    assert note(f"---\ntitle: Refund review\n---\n{body}").fields["body"] == rest
