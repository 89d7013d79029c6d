"""Templates as YAML: out, in, whole as text; and the API's list of them."""

from __future__ import annotations

import yaml

from tests.functional.web_handovers.conftest import Shop, person
from tests.functional.web_handovers.template_desk import HERE, ID, SHIPPED, base, item_fields, kept, post
from tests.support.factories import bearer
from tests.support.visitor import words


def test_what_is_exported_comes_back_equal_also_elsewhere(shop: Shop):
    post(shop, f"{HERE}/items/_new", **item_fields())
    file = shop["admin"].get(f"{HERE}/export.yaml")
    assert file.headers["content-disposition"] == f'attachment; filename="{ID}-3.yaml"'
    answer = shop["admin"].upload("/admin/templates/import", "t.yaml", file.content)
    assert answer.headers["location"] == HERE
    assert base(shop) == "3"  # equal: no version
    other = file.text.replace(f"id: {ID}", "id: brought-in", 1)
    shop["admin"].upload("/admin/templates/import", "t.yaml", other.encode())
    assert kept(shop, "brought-in").template == kept(shop).template.__class__(
        "brought-in",
        3,
        *[getattr(kept(shop).template, name) for name in ("titles", "descriptions", "modules")],
    )
    changed = other.replace("Gift cards", "Vouchers")
    shop["admin"].upload("/admin/templates/import", "t.yaml", changed.encode())
    assert kept(shop, "brought-in").template.version == 4
    old = shop["admin"].get("/admin/templates/brought-in/versions/3/export.yaml")
    assert "Gift cards" in old.text


def test_mistakes_in_a_file_are_told_by_line_where_they_can_be_mended(shop: Shop):
    refused = shop["admin"].upload(
        "/admin/templates/import", "t.yaml", b"id: x\ntitles: {en: X}\nmodule: 1\n"
    )
    assert refused.status_code == 422
    assert "Line 3: module – “module” is not known here" in words(refused)
    assert "module: 1" in refused.text
    mended = shop["admin"].send(
        "/admin/templates/read", {"yaml": "id: mended\ntitles: {en: X}\n", "why": "First"}
    )
    assert mended.headers["location"] == "/admin/templates/mended"
    assert kept(shop, "mended").why == "First"
    for content, sentence in ((b"\xff\xfe", "no YAML file in UTF-8"), (b"#" * 300_000, "at most 256 KB")):
        refused = shop["admin"].upload("/admin/templates/import", "t.yaml", content)
        assert (refused.status_code, sentence in words(refused)) == (422, True)
    assert shop["admin"].get("/admin/templates/read").status_code == 303


def test_the_whole_is_edited_as_text(shop: Shop):
    data = yaml.safe_load(shop["admin"].get(f"{HERE}/export.yaml").text)
    data["modules"] = data["modules"][:1]
    data["id"] = "another"  # the id stays
    post(shop, f"{HERE}/yaml", yaml=yaml.safe_dump(data, allow_unicode=True), why="Small shop")
    assert [module.key for module in kept(shop).template.modules] == ["product"]
    refused = post(shop, f"{HERE}/yaml", yaml="id: [\n")
    assert (refused.status_code, "Line 2: This cannot be read as YAML" in words(refused)) == (422, True)
    old = shop["admin"].send(f"{HERE}/yaml", {"base": "2", "yaml": "id: x\ntitles: {en: X}\n"})
    assert old.status_code == 409


def test_the_api_lists_what_is_kept(shop: Shop):
    shop["admin"].send("/admin/templates/new", {"id": "mine", "titles-en": "Mine", "titles-zh-Hans": "我的"})
    post(shop, "/admin/templates/website-administration/retire")
    headers = shop.change(lambda s: bearer(s, person(s, "viewer")))
    shop.client.cookies.clear()
    found = shop.client.get("/api/v1/templates", headers=headers).json()
    assert [(one["id"], one["version"], one["items"]) for one in found["items"]] == [
        (ID, SHIPPED.version, SHIPPED.size), ("mine", 1, 0),
    ]  # fmt: skip
    assert found["items"][1]["titles"] == {"en": "Mine", "zh-Hans": "我的"}
