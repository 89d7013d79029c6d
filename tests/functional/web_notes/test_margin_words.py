"""What the margin says of a correction whose new passage was confirmed, and a failure that must not take its place."""

from __future__ import annotations

from sqlalchemy import update

from kb.annotations.models import Annotation
from tests.functional.web_notes.conftest import Desk
from tests.functional.web_notes.test_remarks import remarked


def test_a_confirmed_correction_says_the_words_that_stand_there_now(desk: Desk):
    made = remarked(
        desk, desk["viewer"], kind="correction", body="", replacement="别借账号", exact="不要借账号"
    )
    now = {"anchor_status": "changed", "anchor_exact": "账号不要借", "confirmed_exact": "账号不要借"}
    with desk.database.transaction() as session:
        session.execute(update(Annotation).where(Annotation.id == made).values(**now))
    assert "<del>账号不要借</del>" in desk["leaver"].get(desk.note).text


def test_a_failure_asked_for_in_the_place_of_the_margin_is_put_into_it(desk: Desk):
    headers = {"hx-request": "true", "hx-target": "aside#remarks"}
    answer = desk["viewer"]._asked("GET", "/notes/nothing/remarks", headers)
    assert answer.status_code >= 400
    assert answer.headers["hx-reswap"] == "afterbegin"
