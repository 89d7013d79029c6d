"""What must be there before a handover may be signed off."""

from __future__ import annotations

from kb.progress.requirements import Requirement, open_requirements
from tests.functional.progress.conftest import Scene


def test_items_with_gaps_or_without_practice_are_named_with_the_reason(scene: Scene):
    low = scene.add(title="Nice to have", importance="low")
    other = scene.add(title="Stock count", importance="normal", practice={"level": "assisted", "runs": 2})
    scene.note(items=[scene.item], body="## Steps\n\nDo it like this.\n")
    scene.note(items=[other], title="Stock count")
    found = open_requirements(scene.session, scene.handover.id)
    assert found == [
        Requirement(scene.item, "Refund review", "Missing: Cautions."),
        Requirement(other, "Stock count", "Practice is lacking: assisted × 2 is asked for, 0 passed."),
    ]
    assert low not in [one.item_id for one in found]


def test_nothing_is_open_once_all_is_there(scene: Scene):
    scene.note()
    assert open_requirements(scene.session, scene.handover.id) == []


def test_accepted_with_gaps_is_still_open(scene: Scene):
    scene.change(state="accepted")
    (one,) = open_requirements(scene.session, scene.handover.id)
    assert one.reason == "Nothing is written yet."
