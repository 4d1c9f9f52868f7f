"""The command line: exit statuses and one sentence for each expected failure."""

import socket
import sys

import pytest
from typer.testing import CliRunner

from reprieve.cli import doctor, main, serve
from reprieve.cli.doctor import Check
from reprieve.errors import InputError, SetupError


def run_main(monkeypatch, error: Exception | None) -> int:
    def raises() -> None:
        if error:
            raise error

    monkeypatch.setattr(main, "app", raises)
    monkeypatch.setattr(main, "COMMAND_MODULES", ())
    try:
        main.run()
    except SystemExit as stop:
        return stop.code
    return 0


@pytest.mark.parametrize(
    ("error", "status"), [(None, 0), (InputError("A", "Bad."), 2), (SetupError("B", "Bad.", remedy="Mend."), 3)]
)
def test_exit_status(monkeypatch, capsys, error, status):
    assert run_main(monkeypatch, error) == status
    assert (str(error) in capsys.readouterr().err) is bool(error)


def test_every_command_module_registers():
    from importlib import import_module

    import typer

    app = typer.Typer()
    for name in main.COMMAND_MODULES:
        import_module(f"reprieve.cli.{name}").register(app)
    assert {command.name for command in app.registered_commands} >= {"up", "doctor", "demo", "screen", "verify"}


def test_a_port_in_use_is_named():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(SetupError, match=f"PORT-TAKEN: Port {port}"):
            serve.require_free("127.0.0.1", port)


def test_the_parts_of_a_clinic():
    names = [part.name for part in serve.parts("127.0.0.1", 8000, 2575)]
    assert names == ["web", "jobs", "gateway"]


def test_a_part_that_ended_is_an_error(capsys):
    serve.report_end(None)
    assert "everything is saved" in capsys.readouterr().out
    with pytest.raises(SetupError, match="PART-ENDED: The jobs process"):
        serve.report_end("jobs")


def application():
    import typer

    app = typer.Typer()
    app.command()(doctor.doctor)
    return app


def test_doctor_names_the_remedy(monkeypatch):
    wrong = Check("Disk", "0.1 GB free", "Free at least 1 GB.")
    optional = Check("Browser for tests", "none", "apt-get install chromium", required=False)
    monkeypatch.setattr(doctor, "LOOKS", (lambda: wrong, lambda: optional, doctor.python_version))
    answer = CliRunner().invoke(application(), [])
    assert answer.exit_code == 1
    assert "Free at least 1 GB." in answer.output
    assert "note" in answer.output


def test_doctor_is_content_with_a_good_machine(monkeypatch):
    monkeypatch.setattr(doctor, "LOOKS", (doctor.python_version, doctor.home_folder, doctor.secret_key_file))
    assert CliRunner().invoke(application(), []).exit_code == 0


def test_doctor_sees_an_old_python(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert "3.11" in doctor.python_version().remedy


@pytest.mark.django_db
def test_doctor_looks_at_the_database():
    check = doctor.database()
    assert check.says.startswith("PostgreSQL")
    assert not check.remedy
