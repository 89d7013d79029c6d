"""Secrets in notes: found, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.secrets import SecretKind, find_secrets
from kb.secrets.finding import MOST_FOUND
from tests.unit.secrets.cases import OTHERS, PASSWORDS, whole
from tests.unit.secrets.clean_cases import CLEAN

PIECES = st.lists(
    st.sampled_from(
        [
            *"密码：是 :=|\n\"'`*<>{}$/@.-_aZ9#",
            "密码",
            "密碼",
            "\u200b",
            "ｐ",
            "１",
            "password",
            "token",
            "eyJ",
            "://",
            "Kz88wqp1",
        ]
    ),
    max_size=30,
)


@pytest.mark.parametrize("case", PASSWORDS)
def test_a_password_is_found(case: str):
    assert [secret.kind for secret in find_secrets(whole(case))] == [SecretKind.PASSWORD]


@pytest.mark.parametrize(("case", "kind"), OTHERS)
def test_a_key_or_token_is_found(case: str, kind: SecretKind):
    assert [secret.kind for secret in find_secrets(whole(case))] == [kind]


@pytest.mark.parametrize("text", CLEAN)
def test_what_is_no_secret_is_left_alone(text: str):
    assert [text[secret.start : secret.end] for secret in find_secrets(text)] == []


def test_the_cases_are_many():
    assert len(PASSWORDS) + len(OTHERS) >= 75 and len(set(CLEAN)) >= 100


def test_the_line_and_the_place_are_told_in_code_points():
    text = whole("😀 第一行\n\n账号：ops 密¦码：Ye7¦gjs88。之后\nto¦ken: 8c1e¦44b09d7f2a63")
    found = find_secrets(text)
    assert [(s.line, text[s.start : s.end]) for s in found] == [
        (3, whole("Ye7¦gjs88")), (4, whole("8c1e¦44b09d7f2a63")),
    ]  # fmt: skip


def test_what_cannot_be_seen_moves_no_place():
    text = whole("\u200b第一行\npass\u200bwo\ufeffrd：Ｋz8\u200b8¦wqp1\u200b。\n密\u200b¦碼：Ye7¦gjs88。")
    assert [(s.line, text[s.start : s.end]) for s in find_secrets(text)] == [
        (2, whole("Ｋz8\u200b8¦wqp1")), (3, whole("Ye7¦gjs88")),
    ]  # fmt: skip


def test_one_place_is_told_once_by_its_shape():
    found = find_secrets(whole("api_to¦ken: ghp¦_kQ8zWm2Lr5TnV9xJc3HbYd7FgPsA1uEo4iR6"))
    assert [secret.kind for secret in found] == [SecretKind.SERVICE_TOKEN]


@given(PIECES.map("".join))
def test_no_text_is_too_strange(text: str):
    for secret in find_secrets(text):
        assert 0 <= secret.start < secret.end <= len(text)
        assert secret.line == text.count("\n", 0, secret.start) + 1


@pytest.mark.parametrize(
    "unit",
    ["a", "eyJ", "eyJ.", "://", "a://b:c", "密码：", "password: ", "password=\"", "-----BEGIN PRIV" "ATE KEY-----\n",
     "sk-", "mysql -", "| 密码 |\n|---|\n", "identified by ", "[](", "*", "token ", "密码 a1-b2c3 ", "A" * 40 + " "],
)  # fmt: skip
def test_hostile_texts_end(unit: str):
    assert len(find_secrets(unit * (200_000 // len(unit)))) <= MOST_FOUND
