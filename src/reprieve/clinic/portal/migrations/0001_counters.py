"""Counters of the rate limits (`CACHES`), shared by all web processes.

Unlogged: after a crash of the database they begin anew, and no write of theirs waits for the disk.
"""

from django.db import migrations

FORWARD = """
create unlogged table rate_counters (
    cache_key varchar(255) not null primary key,
    value text not null,
    expires timestamp with time zone not null
);
create index rate_counters_expires on rate_counters (expires);
"""
BACKWARD = "drop table rate_counters;"


class Migration(migrations.Migration):
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
