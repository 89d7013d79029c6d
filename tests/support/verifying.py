"""`kb verify` in tests: what it says of a certificate and the files of an export."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.cli.run import run
from tests.support.signing import Files, listed, zipped


def checked(
    tmp_path: Path, files: Files, capsys: pytest.CaptureFixture[str], cert: bytes = b""
) -> tuple[int, str, str]:
    """Status, output and the lines on standard error."""
    certificate = tmp_path / "certificate.json"
    certificate.write_bytes(cert or files["signoff/certificate.json"])
    bundle = zipped(tmp_path / "export.zip", files if "checksums.json" in files else listed(files))
    status = run(["verify", str(certificate), "--bundle", str(bundle)])
    said = capsys.readouterr()
    return status, said.out, said.err


def changed(content: bytes) -> bytes:
    """One byte, and it stays text."""
    place = content.rfind(b"e")
    if place < 0:
        return content[:-1] + b"~"
    return content[:place] + b"f" + content[place + 1 :]
