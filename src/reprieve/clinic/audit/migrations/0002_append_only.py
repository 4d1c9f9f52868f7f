"""The audit trail refuses change in the database itself; `refuse_change()` also serves the session event log."""

from django.db import migrations

FORWARD = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'REP-APPEND-ONLY: % on % is refused, the table is append-only', tg_op, tg_table_name
        using errcode = 'integrity_constraint_violation';
end $$;
create trigger audit_append_only before update or delete on audit_auditevent
    for each row execute function refuse_change();
create trigger audit_no_truncate before truncate on audit_auditevent
    for each statement execute function refuse_change();
"""
BACKWARD = """
drop trigger audit_no_truncate on audit_auditevent;
drop trigger audit_append_only on audit_auditevent;
drop function refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
