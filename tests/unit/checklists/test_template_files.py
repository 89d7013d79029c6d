"""Templates as YAML: what is written is read back equal; what is wrong is told by its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.checklists.template_reading import ITEM_FIELDS
from kb.checklists.template_yaml import MOST_CHARACTERS, template_as_yaml, template_from_yaml
from kb.checklists.templates import FOLDER, Template, TemplateModule, item_of, shipped_templates
from kb.errors import Invalid

GOOD = """\
id: shop
version: 3
titles: {en: Shop, zh-Hans: 店铺}
descriptions: {en: A shop}
modules:
  - key: service
    titles: {zh-Hans: 客服}
    items:
      - key: "618"
        titles: {en: 618}
        importance: high
        slots: [steps, contacts]
        practice: {level: independent, runs: 2}
""".replace('"618"', "campaign")


def told(text: str) -> list[str]:
    """What is said about a file that is refused."""
    with pytest.raises(Invalid) as refused:
        template_from_yaml(text, "file")
    assert {error.field for error in refused.value.errors} == {"file"}
    return [error.message for error in refused.value.errors]


def lines(text: str) -> list[int]:
    return [int(sentence.split(":")[0].removeprefix("Line ")) for sentence in told(text)]


@pytest.mark.parametrize("name", sorted(shipped_templates()))
def test_shipped_templates_pass_the_check_others_must_pass_and_come_back_equal(name: str):
    shipped = shipped_templates()[name]
    assert template_from_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), "file") == shipped
    assert template_from_yaml(template_as_yaml(shipped), "file") == shipped


def test_a_language_that_is_left_out_takes_the_others_words():
    read = template_from_yaml(GOOD, "file")
    assert (read.id, read.version) == ("shop", 3)
    assert read.descriptions == {"en": "A shop", "zh-Hans": "A shop"}
    assert read.modules[0].titles == {"en": "客服", "zh-Hans": "客服"}
    assert read.modules[0].items[0].titles["en"] == "618"  # a number is a text where a text belongs
    assert template_from_yaml(template_as_yaml(read), "file") == read


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=40,
)


@given(
    TEXT, TEXT, st.sampled_from(["null", "~", "yes", "12", "- a", "a: b", "#", "'", '"', "&a", "*a", "!x"])
)
def test_any_text_comes_back_as_it_was(title: str, guidance: str, odd: str):
    texts = {"en": odd + title, "zh-Hans": title}
    item = item_of(
        {"key": "a", "titles": texts, "guidance": {"en": guidance + "\n" + odd, "zh-Hans": odd},
         "importance": "low", "slots": []}
    )  # fmt: skip
    made = Template("x", 1, texts, {"en": odd, "zh-Hans": odd}, (TemplateModule("m", texts, (item,)),))
    assert template_from_yaml(template_as_yaml(made), "file") == made


def test_each_mistake_is_a_sentence_with_its_line():
    broken = GOOD.replace("importance: high", "importance: huge").replace("runs: 2", "runs: 99")
    broken = broken.replace("version: 3", "version: soon").replace("slots: [steps,", "slots: [step,")
    assert lines(broken) == [2, 11, 12, 13]
    assert "importance – This must be one of: critical, high, normal, low." in told(broken)[1]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "The file is empty."),
        ("id: x\nid: y\n", 2, "“id” stands twice"),
        ("id: x\ntitles:\n  en: 'open\n", 4, "cannot be read as YAML"),
        ("a: &a [x]\nb: *a\n", 1, "Anchors and aliases"),
        ("a: [x]\nb: *a\n", 2, "Anchors and aliases"),
        ("- a\n- b\n", 1, "names with values"),
        ("id: x\n---\nid: y\n", 2, "One template a file"),
        ("a:\n  b: !!python/object/apply:os.system [ls]\n", 2, "Tags (!…) are not taken"),
        ("id: a\nb: \x07\n", 2, "A character stands here"),
        ("? [a, b]\n: c\n", 1, "A name must be a plain word."),
        ("id: x\ntitles: " + "[" * 3000, 2, "nested deeper"),
    ],
)  # fmt: skip
def test_what_is_no_template_at_all(text: str, line: int, words: str):
    sentences = told(text)
    assert sentences[0].startswith(f"Line {line}: ")
    assert words in sentences[0]
    assert len(sentences) == 1


def test_unknown_names_missing_titles_and_repeated_keys_are_told():
    sentences = told(GOOD.replace("    items:", "    itmes:"))
    assert sentences == ["Line 8: itmes – “itmes” is not known here; known are: key, titles, items."]
    assert "in one language at least" in told(GOOD.replace("titles: {en: 618}", "titles: {}"))[0]
    twice = GOOD + "      - key: campaign\n        titles: {en: Again}\n"
    assert "Line 14: key – “campaign” stands above already" in told(twice)[0]
    assert "The program itself uses this id" in told(GOOD.replace("id: shop", "id: import"))[0]


def test_files_are_bounded():
    assert "longer than" in told("#" * (MOST_CHARACTERS + 1))[0]
    many = GOOD.replace("slots: [steps, contacts]", f"slots: [{'a, ' * 60_000}steps]")
    assert "more than a template can" in told(many)[0]


def test_the_fields_of_the_presets_are_all_known():
    used = {
        "key",
        "titles",
        "guidance",
        "importance",
        "slots",
        "kinds",
        "rhythm",
        "due_days_before",
        "practice",
    }
    assert used == set(ITEM_FIELDS)
