from __future__ import annotations

import base64
import hashlib

import pytest

from dermshift.report import assets
from dermshift.report.packed import pack, unpack


def test_a_script_never_ends_its_element():
    for text in (assets.plotly(), assets.tables(), assets.app()):
        assert "</script" not in text.lower()
        assert "<!--" not in text


def test_the_libraries_are_the_ones_that_are_meant():
    assert assets.plotly().startswith("/**\n* plotly.js v4")
    assert "globalThis.DataTable=" in assets.tables()
    assert "export{" not in assets.tables().replace(" ", "")
    assert "url(http" not in assets.tables_style()
    assert "@import" not in assets.tables_style()


def test_another_bundle_is_noticed(monkeypatch):
    monkeypatch.setattr(assets, "_file", lambda package, name: "export { a as b };")
    with pytest.raises(RuntimeError, match="0 default exports"):
        assets.tables.__wrapped__()


def test_the_policy_names_each_script_by_its_hash():
    made = assets.scripts()
    digest = base64.b64encode(hashlib.sha256(assets.app().encode()).digest()).decode()
    assert f"'sha256-{digest}'" in made["allowed"].split()
    assert len(made["allowed"].split()) == 3
    assert unpack(made["plotly"]).decode() == assets.plotly()


def test_what_is_packed_comes_out_whole():
    assert unpack(pack("ä\n")) == "ä\n".encode()
    assert unpack(pack(b"\x00\xff")) == b"\x00\xff"
    assert pack("a" * 10000) == pack("a" * 10000)


def test_every_file_of_the_app_is_used():
    files = {path.stem for path in (assets.HERE / "app").glob("*.js")}
    assert files == set(assets.APP)
