"""The limit of the open self-check holds over processes, counts exactly under a rush, and keeps no address."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from reprieve.knowledge.self_check import self_check_questions

LIMIT = 20
NO = {fact: "no" for fact, question in self_check_questions().items() if not question.is_number} | {"age_years": "44"}
ANOTHER_PROCESS = """
import sys, django
django.setup()
from django.test import Client
from django.urls import reverse
client = Client(SERVER_NAME="localhost")
print(*[client.post(reverse("self_check"), {"age_years": "44"}).status_code for _ in range(int(sys.argv[1]))])
"""


@pytest.fixture
def counters(transactional_db):
    """Committed rows that another process sees; the table is no model's, so that it is emptied by hand."""
    cache.clear()
    yield
    cache.clear()


def ask():
    return Client().post(reverse("self_check"), NO).status_code


def asked_elsewhere(times):
    """What a second web process answers, on the same database."""
    known = connection.settings_dict
    address = f"postgresql://{known['USER']}:{known['PASSWORD']}@/{known['NAME']}?host={known['HOST']}"
    if known["PORT"]:
        address += f"&port={known['PORT']}"
    environment = {
        "DJANGO_SETTINGS_MODULE": "reprieve.clinic.config.settings",
        "DATABASE_URL": address,
        "REPRIEVE_SECRET_KEY": settings.SECRET_KEY,
    }
    done = subprocess.run(
        [sys.executable, "-c", ANOTHER_PROCESS, str(times)],
        env=os.environ | environment, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return [int(status) for status in done.stdout.split()]


def test_a_second_process_goes_on_counting(counters):
    assert [ask() for _ in range(12)] == [200] * 12
    assert asked_elsewhere(12) == [200] * (LIMIT - 12) + [429] * 4
    assert ask() == 429


def test_a_rush_never_gets_past_the_limit(counters):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: _ask_and_leave(), range(LIMIT + 12)))
    assert answers.count(200) <= LIMIT
    assert set(answers) == {200, 429}


def _ask_and_leave():
    try:
        return ask()
    finally:
        connection.close()


def test_no_address_is_kept(counters):
    Client(REMOTE_ADDR="203.0.113.77").post(reverse("self_check"), NO)
    with connection.cursor() as cursor:
        cursor.execute("select cache_key, value from rate_counters")
        rows = cursor.fetchall()
    assert rows
    assert "203.0.113" not in str(rows) and "self_check" not in str(rows)
