"""The evaluator on the policy table; the table itself is compared with interface.md through the API."""

from __future__ import annotations

import pytest

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import can, require
from kb.access.policy import POLICY
from kb.access.roles import Role
from kb.errors import NotAllowed, NotFound, SignInNeeded

HERE = Facts("here")


def person(*roles: Role, admin: bool = False, user_id: str = "me") -> Identity:
    return Identity(
        user_id, "me@example.com", "Me", is_admin=admin, roles={"here": frozenset(roles)} if roles else {}
    )


def test_every_permission_has_a_rule() -> None:
    assert set(POLICY) == set(Permission)


@pytest.mark.parametrize("permission", [p for p in Permission if not POLICY[p].anyone])
def test_nobody_and_strangers_may_do_nothing(permission: Permission) -> None:
    assert not can(None, permission, HERE)
    assert not can(person(), permission, HERE)


def test_an_administrator_does_not_read_handovers_they_are_not_in() -> None:
    assert not can(person(admin=True), Permission.HANDOVER_READ, HERE)
    assert can(person(admin=True), Permission.HANDOVER_JOIN)


def test_several_roles_add_up() -> None:
    both = person(Role.VIEWER, Role.TRAINER)
    assert can(both, Permission.NOTE_CREATE, HERE)
    assert not can(person(Role.VIEWER), Permission.NOTE_CREATE, HERE)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_a_draft_is_for_its_author_and_the_managers(role: Role) -> None:
    theirs, mine = Facts("here", "somebody", draft=True), Facts("here", "me", draft=True)
    assert not can(person(role), Permission.NOTE_READ, theirs)
    assert can(person(role), Permission.NOTE_READ, mine)
    assert can(person(Role.MANAGER), Permission.NOTE_READ, theirs)


def test_an_author_who_left_the_handover_has_no_rights_left() -> None:
    assert not can(person(), Permission.NOTE_EDIT, Facts("here", "me"))


def test_what_may_not_be_seen_is_not_there() -> None:
    with pytest.raises(SignInNeeded):
        require(None, Permission.NOTE_READ, HERE)
    with pytest.raises(NotFound):
        require(person(), Permission.NOTE_EDIT, HERE)
    with pytest.raises(NotFound):
        require(person(Role.VIEWER), Permission.NOTE_EDIT, Facts("here", "somebody", draft=True))
    with pytest.raises(NotAllowed):
        require(person(Role.VIEWER), Permission.NOTE_EDIT, HERE)


def test_what_belongs_to_no_handover_is_its_authors_and_the_administrators():
    theirs, mine = Facts(author_id="somebody"), Facts(author_id="me")
    assert can(person(), Permission.GLOSSARY_EDIT, mine)
    assert can(person(admin=True), Permission.GLOSSARY_EDIT, theirs)
    assert not can(person(Role.MANAGER), Permission.GLOSSARY_EDIT, theirs)
    with pytest.raises(NotAllowed, match="who added it or an administrator"):
        require(person(Role.MANAGER), Permission.GLOSSARY_EDIT, theirs)
