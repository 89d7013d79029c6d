"""The world the API's tests call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.db import Database
from tests.support.api import World, make_world

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.testing import TestClient


@pytest.fixture
def world(app_client: TestClient[Litestar], database: Database) -> World:
    """A handover with one person per role, a stranger with one of their own, an administrator in none."""
    return make_world(app_client, database)
