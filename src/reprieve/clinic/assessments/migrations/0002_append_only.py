"""Answers, decisions and signatures refuse change in the database itself (ALG-11)."""

from django.db import migrations

TABLES = (
    "assessments_intakeanswer",
    "assessments_assessment",
    "assessments_assessmentsignature",
    "assessments_overridesignature",
)
FORWARD = "".join(
    f"""
create trigger {table}_append_only before update or delete on {table}
    for each row execute function refuse_change();
create trigger {table}_no_truncate before truncate on {table}
    for each statement execute function refuse_change();
"""
    for table in TABLES
)
BACKWARD = "".join(
    f"""
drop trigger {table}_no_truncate on {table};
drop trigger {table}_append_only on {table};
"""
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
