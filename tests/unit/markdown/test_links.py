from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markdown import render
from kb.markdown.links import bare_links

REL = 'rel="noopener noreferrer nofollow"'


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("https://example.com/a，谢谢。", ["https://example.com/a"]),
        ("见 https://example.com/a。", ["https://example.com/a"]),
        ("（https://example.com/a）", ["https://example.com/a"]),
        ("“https://example.com/a”", ["https://example.com/a"]),
        ("登录https://erp.example.com后点击", ["https://erp.example.com"]),
        ("打开 https://example.com/a查看", ["https://example.com/a"]),
        ("https://example.com/wiki/退款说明", ["https://example.com/wiki/退款说明"]),
        ("https://example.com/?q=退款&p=1", ["https://example.com/?q=退款&p=1"]),
        ("(see https://example.com/x_(y)).", ["https://example.com/x_(y)"]),
        ("http://a.example.com, http://b.example.com!", ["http://a.example.com", "http://b.example.com"]),
        ("www.example.com/x", ["http://www.example.com/x"]),
        ("write to a.b@example.com。", ["mailto:a.b@example.com"]),
        ("mailto:a@example.com", ["mailto:a@example.com"]),
        ("https://user@example.com/x", ["https://user@example.com/x"]),
        ("README.md setup.sh 1.2.3 https:// a@b www.", []),
    ],
)
def test_bare_links(text: str, links: list[str]) -> None:
    assert [target for _, _, target in bare_links(text)] == links


@given(st.text(alphabet="ahtps:/.w@)(，退 -%", max_size=60))
def test_bare_links_lie_in_the_text_one_after_another(text: str) -> None:
    end = 0
    for start, stop, target in bare_links("https://x" + text):
        assert end <= start < stop
        assert (
            target.removeprefix("http://").removeprefix("mailto:") in ("https://x" + text) or "://" in target
        )
        end = stop


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "java&#10;script:alert(1)",
        "\x01javascript:alert(1)",
        "\u200bjavascript:alert(1)",
        "vbscript:x",
        "file:///etc/passwd",
        "data:text/html;base64,PHNjcmlwdD4=",
        "data:image/png;base64,iVBORw0KGgo=",
        "data:image/svg+xml,<svg/onload=alert(1)>",
    ],
)
def test_refused_addresses_stay_text(address: str) -> None:
    for source in (
        f"[x]({address})",
        f"[x](<{address}>)",
        f"![x]({address})",
        f"<{address}>",
        f"[x]\n\n[x]: {address}",
    ):
        shown = render(source).html
        assert "href" not in shown
        assert "src" not in shown


def test_only_addresses_that_leave_the_site_carry_rel() -> None:
    assert f'<a href="https://x.example.com" {REL}>a</a>' in render("[a](https://x.example.com)").html
    assert f'<a href="//x.example.com" {REL}>a</a>' in render("[a](//x.example.com)").html
    assert '<a href="/notes/1">a</a>' in render("[a](/notes/1)").html
    assert '<a href="#s-x">a</a>' in render("[a](#s-x)").html


def test_a_remote_picture_is_a_link_and_asks_nobody() -> None:
    shown = render("![流程图](https://far.example.com/a.png)").html
    assert "<img" not in shown
    assert f'<a class="remote-image" href="https://far.example.com/a.png" {REL}>流程图</a>' in shown
    assert ">https://far.example.com/a.png</a>" in render("![](https://far.example.com/a.png)").html


def test_a_remote_picture_in_a_link_is_its_words() -> None:
    shown = render("[![badge](https://x.example.com/b.png)](https://y.example.com)").html
    assert '<span class="remote-image">badge</span></a>' in shown
    assert shown.count("<a ") == 1


@pytest.mark.parametrize(
    "address",
    ["../a.png", "images/a.png", "/sign-out", "/attachments/../sign-out", "/attachments/x?y", "\\\\host\\a"],
)
def test_only_attachments_are_loaded_as_pictures(address: str) -> None:
    assert "<img" not in render(f"![x](<{address}>)").html


def test_an_attachment_stays_a_picture() -> None:
    shown = render('![a *b*](/attachments/abc123 "t")').html
    assert '<img src="/attachments/abc123" alt="a b" title="t" loading="lazy">' in shown


def test_addresses_are_percent_encoded_once() -> None:
    shown = render("[a](</退 款?x=%20&y=50%>)").html
    assert 'href="/%E9%80%80%20%E6%AC%BE?x=%20&amp;y=50%25"' in shown
