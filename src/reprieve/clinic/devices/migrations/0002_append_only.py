"""Messages of monitors refuse change in the database itself."""

from django.db import migrations

FORWARD = """
create trigger device_message_append_only before update or delete on devices_devicemessage
    for each row execute function refuse_change();
create trigger device_message_no_truncate before truncate on devices_devicemessage
    for each statement execute function refuse_change();
"""
BACKWARD = """
drop trigger device_message_no_truncate on devices_devicemessage;
drop trigger device_message_append_only on devices_devicemessage;
"""


class Migration(migrations.Migration):
    dependencies = [("devices", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
