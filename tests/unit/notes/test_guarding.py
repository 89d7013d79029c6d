"""Which secrets count as new, and how a refusal tells of them."""

from __future__ import annotations

import pytest

from kb.db import Database
from kb.errors import Invalid
from kb.notes.guarding import guard, kind_names, look_ahead, new_secrets
from kb.notes.rendering import prepare
from kb.secrets import SecretKind

FIRST, SECOND = "Rx7!kq92Lm", "Zz81-paQq7"
TEXT = f"password: {FIRST}\n"


def found(text: str, before: str = "") -> list[str]:
    return [text[one.start : one.end] for one in new_secrets(text, before)]


def test_only_what_is_new_counts():
    assert found(TEXT) == [FIRST]
    assert found(TEXT, TEXT) == found("above\n" + TEXT * 2, TEXT) == []
    assert found(TEXT + f"\npassword: {SECOND}\n", TEXT) == [SECOND]
    assert found(TEXT, "") == found(TEXT, f"password: {SECOND}") == [FIRST]


def test_a_word_that_stood_there_without_being_a_secret_does_not_make_one_known():
    assert found(TEXT, f"The order {FIRST} is late.\n") == [FIRST]


def test_fields_are_told_apart():
    with pytest.raises(Invalid) as refused:
        guard(
            {"title": f"password: {FIRST}", "body": f"\n{TEXT}", "purpose": None}, {"body": "", "title": None}
        )
    assert {error.field: error.message.partition(").")[0] for error in refused.value.errors} == {
        "title": "This looks like a secret (a password",
        "body": "This looks like a secret (line 2: a password",
    }
    assert refused.value.extra["secrets"] == [
        {"line": 1, "kind": "password", "field": "title"},
        {"line": 2, "kind": "password"},
    ]


def test_accepted_they_are_answered_for_the_record():
    (one,) = guard({"body": TEXT}, accepted=True)
    assert one.as_data() == {"line": 1, "kind": "password"}
    assert guard({"body": "Nothing."}, accepted=True) == ()


def test_every_kind_has_a_name():
    assert set(kind_names()) == set(SecretKind)


def test_one_sentence_names_a_few_places_only():
    with pytest.raises(Invalid) as refused:
        guard({"body": "".join(f"password: {FIRST}{n}\n" for n in range(30))})
    assert "line 8: a password…" in refused.value.message
    assert len(refused.value.extra["secrets"]) == 30


def test_a_big_text_is_looked_through_before_the_transaction(database: Database):
    big = "Nothing here.\n" * 10_000 + TEXT
    with database.transaction() as session:
        prepare(session, big.replace("\n", "\r\n"))
        assert set(session.info["kb.secrets"]) == {big}
        (one,) = guard({"body": big}, accepted=True, session=session)
        assert one.line == 10_001
        look_ahead(session, "other")
        assert guard({"body": TEXT}, accepted=True, session=session) != ()
