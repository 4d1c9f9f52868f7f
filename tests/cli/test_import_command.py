"""`reprieve import`: many files, a report each, exit status 2 when one is bad."""

import pytest
import typer
from factories import make_clinic
from fhir_bundles import DIANA, bundle, condition, patient
from typer.testing import CliRunner

from reprieve.cli import import_bundle
from reprieve.clinic.patients.models import Patient
from reprieve.errors import InputError


@pytest.fixture
def run(db, monkeypatch):
    monkeypatch.setattr(import_bundle._out, "width", 200)
    app = typer.Typer()
    import_bundle.register(app)
    app.callback()(lambda: None)
    make_clinic(name="Harbor")
    slug = make_clinic().slug
    return lambda *arguments: CliRunner().invoke(app, ["import", *map(str, arguments), "--clinic", slug])


def test_a_real_bundle_is_reported(run):
    result = run(DIANA)
    assert result.exit_code == 0
    assert "Condition" in result.stdout and "taken" in result.stdout and "rows: " in result.stdout
    assert "imported before, nothing was changed" in run(DIANA).stdout


def test_a_bad_file_stops_nobody_else(run, tmp_path):
    (tmp_path / "cut.json").write_bytes(bundle(condition())[:-60])
    (tmp_path / "two.json").write_bytes(bundle(patient(id="p2")))
    (tmp_path / "good.json").write_bytes(bundle(condition(onsetDateTime="2019")))
    result = run(*(tmp_path / name for name in ("cut.json", "two.json", "gone.json", "good.json")))
    assert result.exit_code == 2
    for words in ("cut.json: FHIR-JSON", "two.json: FHIR-TWO-PATIENTS", "gone.json: FILE-UNREADABLE", "3 of 4 files"):
        assert words in result.stderr
    assert "Only the year or month is known" in " ".join(result.stdout.split())
    assert Patient.objects.count() == 1


def test_an_enormous_file_is_refused_unread(run, tmp_path):
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(600 * 1024 * 1024)
    assert "FHIR-TOO-LARGE" in run(huge).stderr


def test_an_unknown_clinic_is_named(run):
    app = typer.Typer()
    import_bundle.register(app)
    with pytest.raises(InputError, match="There is no clinic named nowhere; there are: clinic-"):
        CliRunner().invoke(app, [str(DIANA), "--clinic", "nowhere"], catch_exceptions=False)
