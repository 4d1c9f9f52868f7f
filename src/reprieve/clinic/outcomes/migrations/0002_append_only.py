"""Answers refuse change in the database itself."""

from django.db import migrations

FORWARD = """
create trigger response_append_only before update or delete on outcomes_questionnaireresponse
    for each row execute function refuse_change();
create trigger response_no_truncate before truncate on outcomes_questionnaireresponse
    for each statement execute function refuse_change();
"""
BACKWARD = """
drop trigger response_no_truncate on outcomes_questionnaireresponse;
drop trigger response_append_only on outcomes_questionnaireresponse;
"""


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
