"""The help: in the reader's language, and there at once."""

from __future__ import annotations

import subprocess
import sys

from kb.cli.root import root
from kb.cli.words import in_the_readers_language
from kb.i18n import in_locale
from tests.architecture.source import ROOT
from tests.support.server import without_settings


def test_help_is_translated_and_put_back():
    english = root.commands["serve"].help
    with in_locale("zh-Hans"), in_the_readers_language(root):
        assert root.commands["serve"].help == "把数据库升级到当前结构，然后启动服务。"
    assert root.commands["serve"].help == english


def test_the_help_loads_nothing_heavy():
    code = (
        "import sys; from kb.cli import main; main(['--help']);"
        "print(sorted({'sqlalchemy', 'litestar', 'whoosh', 'alembic', 'granian'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=without_settings(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
