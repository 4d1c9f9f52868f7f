"""Settlements and ends of overrides refuse change; links and steps refuse deletion, and a step keeps what it asked."""

from django.db import migrations

TABLES = ("assessments_conflictsettlement", "assessments_overrideend")
KEPT = ("assessments_selfchecklink", "assessments_deferralstep")
FORWARD = "".join(
    f"""
create trigger {table}_append_only before update or delete on {table}
    for each row execute function refuse_change();
create trigger {table}_no_truncate before truncate on {table}
    for each statement execute function refuse_change();
"""
    for table in TABLES
) + "".join(
    f"""
create trigger {table}_no_delete before delete on {table}
    for each row execute function refuse_change();
create trigger {table}_no_truncate before truncate on {table}
    for each statement execute function refuse_change();
"""
    for table in KEPT
) + """
create trigger assessments_deferralstep_keeps before update on assessments_deferralstep
    for each row when (
        old.closed_at is not null
        or (old.assessment_id, old.number, old.effort, old.owner, old.due_on, old.rules, old.facts)
           is distinct from
           (new.assessment_id, new.number, new.effort, new.owner, new.due_on, new.rules, new.facts)
    ) execute function refuse_change();
"""  # fmt: skip
BACKWARD = (
    "".join(
        f"drop trigger {table}_no_truncate on {table}; drop trigger {table}_append_only on {table};" for table in TABLES
    )
    + "".join(
        f"drop trigger {table}_no_truncate on {table}; drop trigger {table}_no_delete on {table};" for table in KEPT
    )
    + "drop trigger assessments_deferralstep_keeps on assessments_deferralstep;"
)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_settlements_plans_and_self_checks"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
