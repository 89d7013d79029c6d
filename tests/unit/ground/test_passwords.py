from __future__ import annotations

import subprocess
import sys

from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from kb.people.passwords import hash_password, verify_password

PROGRAM = "from kb.people.passwords import hash_password; print(hash_password('a long enough one'))"


def test_outside_the_tests_a_password_is_hashed_at_its_full_price():
    encoded = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True
    ).stdout
    assert extract_parameters(encoded.strip()) == RFC_9106_LOW_MEMORY
    assert verify_password(encoded.strip(), "a long enough one")


def test_only_the_right_password_is_right():
    encoded = hash_password("a long enough one")
    assert verify_password(encoded, "a long enough one")
    assert not verify_password(encoded, "a long enough two")
    assert not verify_password(None, "nobody has this password")
    assert not verify_password("no hash at all", "a long enough one")
