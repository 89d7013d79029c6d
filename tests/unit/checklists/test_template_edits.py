"""Changes to templates as values."""

from __future__ import annotations

from dataclasses import replace

from kb.checklists.template_edits import (
    changes_between,
    in_order,
    new_key,
    same_content,
    with_item,
    with_module,
    without_item,
    without_module,
)
from kb.checklists.templates import (
    Template,
    TemplateModule,
    content_of,
    item_of,
    shipped_templates,
    template_of,
)


def item(key: str, title: str = ""):
    text = {"en": title or key, "zh-Hans": title or key}
    return item_of({"key": key, "titles": text, "guidance": text, "importance": "normal", "slots": ["steps"]})


def template() -> Template:
    words = {"en": "T", "zh-Hans": "T"}
    modules = (
        TemplateModule("one", words, (item("a"), item("b"))),
        TemplateModule("two", words, (item("c"),)),
    )
    return Template("t", 4, words, words, modules)


def shape(made: Template) -> dict[str, list[str]]:
    return {module.key: [one.key for one in module.items] for module in made.modules}


def test_data_and_back():
    for one in shipped_templates().values():
        assert template_of(content_of(one)) == one


def test_an_item_is_added_at_the_end_changed_in_its_place_or_moved():
    assert shape(with_item(template(), item("d"), "one")) == {"one": ["a", "b", "d"], "two": ["c"]}
    changed = with_item(template(), item("a", "Other"), "one")
    assert shape(changed) == shape(template())
    assert changed.item("a") == item("a", "Other")
    assert shape(with_item(template(), item("a"), "two")) == {"one": ["b"], "two": ["c", "a"]}


def test_items_and_modules_are_taken_out():
    assert shape(without_item(template(), "b")) == {"one": ["a"], "two": ["c"]}
    assert shape(without_module(template(), "one")) == {"two": ["c"]}
    words = {"en": "New", "zh-Hans": "New"}
    renamed = with_module(template(), TemplateModule("one", words, template().modules[0].items))
    assert (shape(renamed), renamed.modules[0].titles) == (shape(template()), words)
    assert shape(with_module(template(), TemplateModule("three", words, ())))["three"] == []


def test_order_goes_by_the_numbers_and_what_has_none_stays():
    made = in_order(template(), {"a": 2.5, "b": 1}, {"c": "one"}, {"one": 3})
    assert shape(made) == {"two": [], "one": ["b", "c", "a"]}
    assert in_order(template(), {}, {}, {}) == template()
    assert shape(in_order(template(), {}, {"a": "nowhere"}, {})) == shape(template())


def test_keys_are_made_from_the_english_title_and_never_twice():
    assert new_key(template(), {"en": "Refund review!"}, "item") == "refund-review"
    assert new_key(template(), {"en": "A"}, "item") == "a-1"
    assert new_key(template(), {"en": "退款"}, "item") == "item-1"
    assert new_key(with_item(template(), item("item-1"), "one"), {"en": "618"}, "item") == "item-2"


def test_what_changed_is_told():
    after = with_item(without_item(template(), "b"), item("d"), "two")
    after = with_item(after, item("a", "Other"), "one")
    changes = changes_between(template(), after)
    assert [one.key for one in changes.added] == ["d"]
    assert [one.key for one in changes.changed] == ["a"]
    assert [one.key for one in changes.removed] == ["b"]
    assert (changes.moved, changes.words) == (False, False)
    assert changes_between(template(), in_order(template(), {"a": 3}, {}, {})).moved
    assert changes_between(template(), replace(template(), titles={"en": "U", "zh-Hans": "U"})).words
    assert same_content(template(), replace(template(), version=9))
    assert not same_content(template(), after)
