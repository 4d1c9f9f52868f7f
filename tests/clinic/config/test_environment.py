"""Settings from outside: a bad value stops start-up with a sentence."""

import stat

import pytest

from reprieve.clinic.config import database, environment
from reprieve.clinic.config.secrets import secret_key
from reprieve.errors import SetupError


@pytest.mark.parametrize(("raw", "value"), [("1", True), ("Yes", True), ("0", False), ("off", False), ("", False)])
def test_a_flag(monkeypatch, raw, value):
    monkeypatch.setenv("REPRIEVE_HTTPS", raw)
    assert environment.flag("REPRIEVE_HTTPS", default=True) is value


def test_a_flag_that_is_neither_stops_the_start(monkeypatch):
    monkeypatch.setenv("REPRIEVE_HTTPS", "perhaps")
    with pytest.raises(SetupError, match="ENV-FLAG: REPRIEVE_HTTPS='perhaps' is neither yes nor no"):
        environment.flag("REPRIEVE_HTTPS", default=False)


def test_a_number(monkeypatch):
    monkeypatch.setenv("REPRIEVE_UPLOAD_LIMIT_MB", "12")
    assert environment.number("REPRIEVE_UPLOAD_LIMIT_MB", default=64) == 12
    monkeypatch.setenv("REPRIEVE_UPLOAD_LIMIT_MB", "-3")
    with pytest.raises(SetupError, match="ENV-NUMBER"):
        environment.number("REPRIEVE_UPLOAD_LIMIT_MB", default=64)


def test_a_secret_from_a_mounted_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from-file\n")
    monkeypatch.setenv("REPRIEVE_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert secret_key(tmp_path) == "from-file"


def test_the_key_is_made_once_and_private(monkeypatch, tmp_path):
    monkeypatch.delenv("REPRIEVE_SECRET_KEY", raising=False)
    first = secret_key(tmp_path / "home")
    assert len(first) > 40
    assert secret_key(tmp_path / "home") == first
    assert stat.S_IMODE((tmp_path / "home" / "secret-key").stat().st_mode) == 0o600


def test_a_clinics_own_database():
    found = database.django_settings("postgresql://nurse:p%40ss@db.example:5433/clinic?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("nurse", "p@ss", "db.example", "5433")
    assert (found["NAME"], found["OPTIONS"]) == ("clinic", {"sslmode": "require"})


def test_another_dialect_is_refused():
    with pytest.raises(SetupError, match=r"DB-SCHEME.*PostgreSQL only"):
        database.django_settings("sqlite:///clinic.db")


def test_database_url_wins(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///mine?host=/run/postgresql")
    assert database.resolve()["HOST"] == "/run/postgresql"
