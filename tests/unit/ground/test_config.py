from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kb.config import BadSetting, read_settings


def test_the_defaults_work_and_the_key_is_kept(tmp_path: Path) -> None:
    first, second = (read_settings({"KB_DATA_DIR": str(tmp_path / "data")}) for _ in range(2))
    assert first == second
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "data" / "secret.key").stat().st_mode) == 0o600
    assert "secret_key" not in repr(first)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_means_psycopg(tmp_path: Path, scheme: str) -> None:
    settings = read_settings({"KB_DATA_DIR": str(tmp_path), "KB_DATABASE_URL": f"{scheme}://host/kb"})
    assert settings.database_url == "postgresql+psycopg://host/kb"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KB_DATABASE_URL", "mysql://host/kb"),
        ("KB_DATABASE_URL", "nonsense"),
        ("KB_SECRET_KEY", "short"),
        ("KB_BASE_URL", "example.com"),
        ("KB_DEFAULT_LOCALE", "fr"),
        ("KB_TIME_ZONE", "Mars/Olympus"),
        ("KB_POOL_SIZE", "0"),
        ("KB_POOL_SIZE", "many"),
        ("KB_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_bad_value_is_one_line_that_names_it(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings({"KB_DATA_DIR": str(tmp_path), name: value})
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match="KB_DATA_DIR"):
        read_settings({"KB_DATA_DIR": str(tmp_path / "file" / "data")})
