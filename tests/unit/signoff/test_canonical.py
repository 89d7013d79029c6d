from __future__ import annotations

import hashlib
import json

import pytest

from kb.signoff.canonical import canonical, sha256_of


def test_the_same_facts_are_the_same_bytes():
    one = {"b": [1, True, None], "a": {"标题": "退款", "x": "é 😀"}}
    other = json.loads(json.dumps(dict(reversed(one.items()))))
    assert canonical(one) == canonical(other) == '{"a":{"x":"é 😀","标题":"退款"},"b":[1,true,null]}'
    assert sha256_of("退款") == hashlib.sha256("退款".encode()).hexdigest()


@pytest.mark.parametrize("facts", [{"a": 0.5}, {"a": [1.0]}, {"a": float("nan")}, {"a": "\ud800"}])
def test_what_programs_write_differently_is_refused(facts: object):
    with pytest.raises(ValueError, match=r"."):
        canonical(facts)
