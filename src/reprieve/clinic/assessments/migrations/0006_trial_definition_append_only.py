"""A clinic's choice of a definition is never rewritten: a new one is added."""

from django.db import migrations

TABLE = "assessments_trialdefinitionchoice"
FORWARD = f"""
create trigger {TABLE}_append_only before update or delete on {TABLE}
    for each row execute function refuse_change();
create trigger {TABLE}_no_truncate before truncate on {TABLE}
    for each statement execute function refuse_change();
"""
BACKWARD = f"drop trigger {TABLE}_no_truncate on {TABLE}; drop trigger {TABLE}_append_only on {TABLE};"


class Migration(migrations.Migration):
    dependencies = [("assessments", "0005_trial_definition"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
