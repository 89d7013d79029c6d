"""What only fills an example in is no secret; the same in a sentence, or anything stronger in code, is one."""

from __future__ import annotations

import pytest

from kb.secrets import find_secrets

WEAK = ["123" + "456", "neb" + "ula", "abcd" + "1234", "MyPass" + "w0rd!"]
STRONG = "VjX8cEeTX" + "+qcvZ3bPaO4h"


@pytest.mark.parametrize("value", WEAK)
@pytest.mark.parametrize(
    "code", ['```json\n"password": "{}"\n```\n', "1. 配置：\n\n    password={}\n", "~~~\npwd: {}\n"]
)
def test_examples_in_code_are_let_through(code: str, value: str):
    assert find_secrets(code.replace("{}", value)) == ()


def test_a_word_in_code_within_a_sentence_is_let_through():
    assert find_secrets(f"创建用户 `root`，密码为`{WEAK[1]}`。") == ()


@pytest.mark.parametrize("text", ["后台密码：{}\n", "password: {}\n", "Password={}"])
def test_the_same_in_a_sentence_is_found(text: str):
    assert len(find_secrets(text.replace("{}", WEAK[0]))) == 1


def test_what_nobody_makes_up_is_found_in_code_too():
    assert len(find_secrets(f'```\npassword: "{STRONG}"\n```\n')) == 1
