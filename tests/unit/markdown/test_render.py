from __future__ import annotations

import threading

import pytest

from kb.markdown import Rendered, render, wiki_links
from tests.unit.markdown.samples import SAMPLES


def html(source: str) -> str:
    return render(source).html.strip()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**重要：**测试", "<p><strong>重要：</strong>测试</p>"),
        ("他说**“重要”**吧", "<p>他说<strong>“重要”</strong>吧</p>"),
        ("这是**「重点」**です", "<p>这是<strong>「重点」</strong>です</p>"),
        ("~~旧~~新", "<p><s>旧</s>新</p>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("a **b", "<p>a **b</p>"),
        ("&lt;&copy;&#x4e2d;", "<p>&lt;©中</p>"),
        ("`<i>`", "<p><code>&lt;i&gt;</code></p>"),
    ],
)
def test_inline(source: str, expected: str) -> None:
    assert html(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [("中\n文", "中文"), ("中**文**\n字", "中<strong>文</strong>字"), ("a\nb", "a\nb"), ("中\na", "中\na")],
)
def test_lines_of_chinese_join_without_a_space(source: str, expected: str) -> None:
    assert html(source) == f"<p>{expected}</p>"


def test_a_table_keeps_its_alignment_as_classes() -> None:
    shown = html("|a|b|c|\n|:-|:-:|-:|\n|1|2|3|")
    assert '<th class="align-left">a</th>' in shown
    assert '<td class="align-center">2</td>' in shown
    assert '<td class="align-right">3</td>' in shown


def test_tasks_are_boxes_nobody_can_tick() -> None:
    shown = html("- [ ] a\n- [x] b\n- c")
    assert shown.startswith('<ul class="contains-task-list">')
    assert shown.count('<li class="task-list-item">') == 2
    assert shown.count('type="checkbox" disabled=""') == 2
    assert shown.count('checked=""') == 1


def test_a_linked_x_at_the_start_of_an_item_is_no_task() -> None:
    assert "checkbox" not in html("- [x] a\n\n[x]: /there")


def test_footnotes_are_at_the_end_and_lead_back() -> None:
    shown = html("a[^n] b\n\n[^n]: why\n\nc")
    assert '<a href="#fn1" id="fnref1">[1]</a>' in shown
    assert shown.index("<p>c</p>") < shown.index('<li id="fn1" class="footnote-item">')
    assert '<a href="#fnref1" class="footnote-backref">' in shown


def test_a_prefix_keeps_the_ids_of_two_texts_on_one_page_apart() -> None:
    first, second = (render("# H\n\na[^n]\n\n[^n]: b", prefix=prefix) for prefix in ("c1", "c2"))
    assert 'id="fn-c1-1"' in first.html
    assert 'href="#fn-c2-1"' in second.html
    assert (first.outline[0].anchor, second.outline[0].anchor) == ("s-c1-h", "s-c2-h")


def test_code_names_its_language() -> None:
    assert '<code class="language-sql">' in html("```sql\nSELECT 1\n```")
    assert "<code>" in html('```"><script>\nx\n```')


def test_what_a_database_refuses_is_replaced() -> None:
    rendered = render("a\x00b\ud800c")
    assert rendered.text == "a\ufffdb\ufffdc\n"


def test_bidirectional_controls_and_forms_of_letters_stay_as_typed() -> None:
    assert render("a\u202eb\u2066c e\u0301 é").text == "a\u202eb\u2066c e\u0301 é\n"


def test_threads_render_alike() -> None:
    wanted = {name: render(source) for name, source in SAMPLES.items()}
    found: list[dict[str, Rendered]] = []

    def work() -> None:
        found.append({name: render(source) for name, source in SAMPLES.items()})

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 4


def test_wiki_links_lead_where_the_resolver_says() -> None:
    asked: list[str] = []

    def resolve(target: str) -> str | None:
        asked.append(target)
        return "/notes/1" if target == "退款审核" else None

    shown = render("[[退款审核]] [[退款审核|先审核]] [[没有]] `[[代码]]`", resolve).html
    assert '<a class="wikilink" href="/notes/1">退款审核</a>' in shown
    assert '<a class="wikilink" href="/notes/1">先审核</a>' in shown
    assert '<span class="wikilink-missing">没有</span>' in shown
    assert "<code>[[代码]]</code>" in shown
    assert asked == ["退款审核", "没有"]


def test_a_resolver_cannot_bring_in_a_script() -> None:
    assert "href" not in render("[[x]]", lambda target: "javascript:alert(1)").html


def test_links_do_not_nest_and_the_inner_one_holds() -> None:
    shown = render("[see [[A]] now](/there)", lambda target: "/notes/1").html
    assert shown == '<p>[see <a class="wikilink" href="/notes/1">A</a> now](/there)</p>\n'


def test_brackets_of_an_ordinary_link_stay() -> None:
    assert '<a href="/there">[a]</a>' in render("[[a]](/there)", lambda target: "/notes/1").html


def test_wiki_links_are_found_once_and_in_order() -> None:
    source = (
        "[[B]] and [[A|x]]\n\n- [[B|again]]\n\n| [[C\\|c]] |\n|---|\n\n```\n[[D]]\n```\n\n`[[E]]` [[]] [[ ]]"
    )
    assert wiki_links(source) == ("B", "A", "C")
    assert wiki_links("none") == ()
