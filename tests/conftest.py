"""Shared by all tests: a home of its own, a test database of its own, a fixed Hypothesis profile."""

import os
import tempfile
from pathlib import Path

from hypothesis import settings

os.environ.setdefault("REPRIEVE_HOME", str(Path(tempfile.gettempdir()) / "reprieve-test-home"))
os.environ.setdefault("REPRIEVE_SECRET_KEY", "only-for-tests")
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("nightly", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
