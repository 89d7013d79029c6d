"""Fixed sentences in templates are in the language of their environment, whoever compiles them."""

from __future__ import annotations

import pytest

from kb.i18n import in_locale
from kb.web.pages import _environment


@pytest.mark.parametrize("compiled_by", ["en", "zh-Hans"])
def test_a_template_speaks_the_language_of_its_environment(compiled_by: str):
    with in_locale(compiled_by):
        chinese = _environment("UTC", "zh-Hans").from_string('{{ _("Search") }}<a title="{{ _(\'Home\') }}">')
        english = _environment("UTC", "en").from_string('{{ _("Search") }}')
    assert chinese.render() == '搜索<a title="首页">'
    assert english.render() == "Search"


def test_a_sentence_with_a_name_in_it_is_filled_in_and_the_name_escaped():
    page = _environment("UTC", "zh-Hans").from_string('{{ _("Ask %(name)s", name=who) }}')
    with in_locale("zh-Hans"):
        said = page.render(who="<b>")
    assert "&lt;b&gt;" in said and "Ask" not in said


def test_percent_signs_and_filters_stay_what_they_were():
    page = _environment("UTC", "en").from_string(
        '{{ _("100 %% sure")|upper }} {{ [_("a"), _("b")]|join("-") }}'
    )
    assert page.render() == "100 % SURE a-b"
