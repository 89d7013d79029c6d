from __future__ import annotations

import json

from kb.clock import now
from kb.db import Database
from kb.people.passwords import verify_password
from kb.people.queries import user_by_email, user_of_token
from tests.support.factories import make_handover, make_note, make_user, token_for
from tests.unit.cli.conftest import Command


def test_an_account_with_a_password(kb: Command, database: Database):
    answer = kb(
        "user", "create", "Li.Na@Example.com", "--name", "李娜", "--admin", "--password-stdin", "--locale", "zh-Hans",
        stdin="a long password\n",
    )  # fmt: skip
    assert (answer.status, answer.out, answer.err) == (0, "Created the account li.na@example.com.\n", "")
    with database.transaction(read_only=True) as session:
        user = user_by_email(session, "li.na@example.com")
        assert user is not None
        assert (user.name, user.is_admin, user.locale) == ("李娜", True, "zh-Hans")
        assert verify_password(user.password_hash, "a long password")


def test_an_account_without_a_password_says_so(kb: Command):
    answer = kb("user", "create", "bot@example.com", "--name", "Bot")
    assert answer.status == 0
    assert "no password" in answer.out


def test_what_is_wrong_with_an_account_is_one_line(kb: Command):
    kb("user", "create", "a@example.com", "--name", "A")
    for words, stdin in (
        (("a@example.com", "--name", "A"), ""),
        (("nonsense", "--name", ""), ""),
        (("b@example.com", "--name", "B", "--password-stdin"), "short\n"),
        (("b@example.com", "--name", "B", "--password-stdin"), ""),
        (("b@example.com", "--name", "B", "--locale", "fr"), ""),
    ):
        answer = kb("user", "create", *words, stdin=stdin)
        assert (answer.status, answer.out, answer.err.count("\n")) == (1, "", 1), words
    assert len(json.loads(kb("user", "list", "--json").out)) == 1


def test_the_list_for_people_and_for_programs(kb: Command, database: Database):
    with database.transaction() as session:
        make_user(session, "b@example.com", name="Bo\tB")
        make_user(session, "a@example.com", name="Ann", admin=True)
    assert kb("user", "list").out == "Ann\ta@example.com\tyes\t\nBo B\tb@example.com\t\t\n"
    assert [(one["email"], one["is_admin"]) for one in json.loads(kb("user", "list", "--json").out)] == [
        ("a@example.com", True),
        ("b@example.com", False),
    ]


def test_deactivating_says_whose_notes_are_now_whose(kb: Command, database: Database):
    with database.transaction() as session:
        leaver, successor = make_user(session, "l@example.com"), make_user(session, name="林晓雯")
        make_note(session, leaver, make_handover(session, leaver=leaver, successor=successor))
    said = "The account l@example.com is deactivated.\n1 note now belongs to 林晓雯.\n"
    assert kb("user", "deactivate", "l@example.com").out == said


def test_deactivating_ends_tokens_and_gives_no_new_ones(kb: Command, database: Database):
    with database.transaction() as session:
        token = token_for(session, make_user(session, "a@example.com"))
    assert kb("user", "deactivate", "A@example.com").status == 0
    with database.transaction(read_only=True) as session:
        assert user_of_token(session, token, now()) is None
    assert kb("token", "create", "a@example.com").err == "kb: The account a@example.com is deactivated.\n"


def test_a_token_stands_alone_on_stdout_and_works(kb: Command, database: Database):
    with database.transaction() as session:
        make_user(session, "a@example.com")
    answer = kb("token", "create", "a@example.com", "--expires", "3")
    assert (answer.status, answer.err) == (0, "")
    with database.transaction(read_only=True) as session:
        user = user_of_token(session, answer.out.removesuffix("\n"), now())
        assert user is not None and user.email == "a@example.com"


def test_tokens_and_ends_of_nobody(kb: Command):
    for words in (("token", "create"), ("user", "deactivate")):
        assert kb(*words, "nobody@example.com").err == "kb: There is no account for nobody@example.com.\n"


def test_a_new_password_and_an_account_taken_up_again(kb: Command, database: Database):
    kb("user", "create", "a@example.com", "--name", "A", "--password-stdin", stdin="the first password\n")
    suggested = kb("user", "password", "A@example.com")
    assert suggested.status == 0
    assert kb("user", "deactivate", "a@example.com").status == 0
    refused = kb("user", "password", "a@example.com")
    assert (refused.status, refused.out) == (1, "")
    assert kb("user", "activate", "a@example.com").out == "The account a@example.com is active.\n"
    with database.transaction(read_only=True) as session:
        user = user_by_email(session, "a@example.com")
        assert user is not None
        assert user.is_active
        assert verify_password(user.password_hash, suggested.out.strip())
    typed = kb("user", "password", "a@example.com", "--password-stdin", stdin="another password\n")
    assert (typed.status, typed.out) == (0, "The password of a@example.com is changed.\n")
    assert kb("user", "password", "a@example.com", "--password-stdin", stdin="short\n").status == 1
    assert kb("user", "password", "nobody@example.com").status == 1
    with database.transaction(read_only=True) as session:
        user = user_by_email(session, "a@example.com")
        assert user is not None
        assert verify_password(user.password_hash, "another password")
