"""The texts of tests/search_corpus/ as real rows, and somebody who searches them over the API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.roles import Role
from kb.annotations.services import create_annotation
from kb.checklists.services import add_item, start_handover
from kb.clock import now
from kb.handovers.queries import identity_of
from kb.handovers.schemas import Member, NewHandover
from kb.notes.services import create_note
from kb.people.models import User
from kb.people.schemas import NewUser
from kb.people.services import create_user
from kb.search.glossary.services import add

FOLDER = Path(__file__).resolve().parents[1]
WRITERS = {"lin": Role.LEAVER, "wang": Role.MANAGER, "chen": Role.SUCCESSOR}


def read(name: str) -> Any:
    """One of the YAML files of the corpus, or search_cases."""
    folder = FOLDER if name == "search_cases" else FOLDER / "search_corpus"
    return yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))


class Corpus:
    """Everything that is written before the searching; `names` gives what a found id is called in the YAML."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.names: dict[str, str] = {}
        self.others = read("others")
        self.people = {key: self._person(key, name) for key, name in self.others["people"].items()}
        self.reader = self._person("reader", "Reader")
        self._ids: dict[str, str] = {}
        self._fill(self._handover("Shop and website"))

    def _person(self, key: str, name: str) -> User:
        return create_user(self.session, NewUser(f"{key}@example.com", name, None, False, "en"), by=None)

    def _who(self, key: str) -> Identity:
        return identity_of(self.session, self.people[key])

    def _handover(self, title: str, *, closed: bool = False) -> str:
        trainers = dict.fromkeys(self.people.keys() - WRITERS.keys(), Role.TRAINER)
        roles = {} if closed else {**WRITERS, **trainers}
        members = [Member(self.people[key].email, role) for key, role in roles.items() if key != "lin"]
        members += [] if closed else [Member(self.reader.email, Role.VIEWER)]
        today = now().date()
        new = NewHandover(
            title=title, position="Operations lead", department="", language="zh-Hans",
            leaver=self.people["lin"].email, last_day=today + timedelta(days=20), support_until=None,
            confirmed_on=None, confirmed_by="", template=None, members=tuple(members),
        )  # fmt: skip
        return start_handover(self.session, self._who("wang"), new, today=today).id

    def _fill(self, handover: str) -> None:
        for item in self.others["items"]:
            data = {key: item[key] for key in ("module", "title", "guidance")} | {"slots": ["steps"]}
            self._keep(item["id"], add_item(self.session, self._who("wang"), handover, data).id)
        for note in (*read("chinese"), *read("english")):
            self._note(handover, note)
        for note in self.others["drafts"]:
            self._note(handover, note, status="draft")
        for remark in self.others["remarks"]:
            data = {
                "kind": remark["kind"],
                "body": remark["body"],
                "target": {"quote": {"exact": remark["exact"]}},
            }
            data |= {"replacement": remark["replacement"]} if "replacement" in remark else {}
            made = create_annotation(
                self.session, self._who(remark["author"]), self._ids[remark["note"]], data
            )
            self._keep(remark["id"], made.id)
        closed = self._handover("Somebody else's", closed=True)
        for note in self.others["foreign"]:
            self._note(closed, note)
        self._glossary(read("search_cases")["glossary"])

    def _note(self, handover: str, note: dict[str, Any], **more: str) -> None:
        data: dict[str, Any] = {
            key: note[key] for key in ("title", "kind", "body", "tags", "importance") if key in note
        }
        data["items"] = [self._ids[key] for key in note.get("items", ())]
        data["language"] = "en" if note["title"].isascii() else "zh-Hans"
        self._keep(note["id"], create_note(self.session, self._who(note["author"]), handover, data | more).id)

    def _glossary(self, groups: Iterable[list[str]]) -> None:
        for term, *synonyms in groups:
            add(self.session, self._who("lin"), {"term": term, "synonyms": synonyms})

    def _keep(self, name: str, id: str) -> None:
        self._ids[name] = id
        self.names[id] = name
