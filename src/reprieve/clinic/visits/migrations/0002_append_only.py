"""The log of a session refuses change in the database itself (design: a session is a list of events)."""

from django.db import migrations

FORWARD = """
create trigger session_event_append_only before update or delete on visits_sessionevent
    for each row execute function refuse_change();
create trigger session_event_no_truncate before truncate on visits_sessionevent
    for each statement execute function refuse_change();
"""
BACKWARD = """
drop trigger session_event_no_truncate on visits_sessionevent;
drop trigger session_event_append_only on visits_sessionevent;
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
