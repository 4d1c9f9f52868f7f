"""Shared by all tests: a home of its own, a test database of its own, a fixed Hypothesis profile."""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

os.environ.setdefault("REPRIEVE_HOME", str(Path(tempfile.gettempdir()) / "reprieve-test-home"))
os.environ.setdefault("REPRIEVE_SECRET_KEY", "only-for-tests")
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("nightly", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)  # this process is measured, programs that tests start are not


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """In several processes a file stays whole, and whatever drives the browser shares one clinic."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path, _, _ = nodeid.partition("::")
            return "browser" if path.startswith("tests/browser/") else path

    return ByFile(config, log)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that commit are cleaned by TRUNCATE, which the append-only tables refuse outside the test database."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("select tgname, tgrelid::regclass::text from pg_trigger where tgname like '%no_truncate'")
        for trigger, table in cursor.fetchall():
            cursor.execute(f"alter table {table} disable trigger {trigger}")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # threads of live tests may still be connected
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
            " and pid <> pg_backend_pid()"
        )
