"""A signed order keeps its numbers and a second check keeps its readings, whoever writes to the database."""

from django.db import migrations

FORWARD = """
create function order_keeps_its_numbers() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or to_jsonb(new) - 'status' is distinct from to_jsonb(old) - 'status' then
        raise exception 'REP-ORDER-FIXED: a signed order cannot change, only its status can'
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger order_fixed before update or delete on courses_doseorder
    for each row execute function order_keeps_its_numbers();
create trigger second_check_append_only before update or delete on courses_secondcheck
    for each row execute function refuse_change();
create trigger second_check_no_truncate before truncate on courses_secondcheck
    for each statement execute function refuse_change();
"""
BACKWARD = """
drop trigger second_check_no_truncate on courses_secondcheck;
drop trigger second_check_append_only on courses_secondcheck;
drop trigger order_fixed on courses_doseorder;
drop function order_keeps_its_numbers();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_close_courses_and_keep_one_live_order"),
        ("audit", "0002_append_only"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
