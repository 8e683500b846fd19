"""What is copied of PostgreSQL: every database by pg_dump, each a consistent picture of one moment.

Source: postgresql.org/docs/18, "pg_dump", "pg_dumpall", "Environment Variables" of libpq.
"""

from __future__ import annotations

from rosace.contract.backup import Backup
from rosace.contract.cluster import OfferedSite, resources
from rosace.contract.operator import Image
from rosace.contract.values import Volume
from rosace.model.capabilities import PostgresDatabase
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

DUMP = """\
set -eu
mkdir -p /copy/files
# Not within `for`: there nobody would notice that it failed.
databases=$(psql --no-psqlrc --tuples-only --no-align --command="$DATABASES" postgres)
for database in $databases; do
  pg_dump --format=custom --file="/copy/files/$database.dump" "$database"
done
# Roles without their passwords: those come from secrets.
pg_dumpall --roles-only --no-role-passwords --file=/copy/files/roles.sql
"""

DATABASES = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres'"


def backups(site: OfferedSite, name: str, image: Image, user: int, disk: Volume) -> tuple[Backup, ...]:
    """The one backup of the server."""
    database = site.need(PostgresDatabase)
    env = {
        "DATABASES": DATABASES,
        "PGCONNECT_TIMEOUT": "30",
        "PGHOST": database.address.host,
        "PGPORT": str(database.address.port),
        "PGSSLMODE": "require",
    }
    secrets = {"PGUSER": (f"{name}-admin", "username"), "PGPASSWORD": (f"{name}-admin", "password")}
    found = resources(Resources(), "250m", Size.parse("512Mi"))
    return (Backup(name, site.namespace, image, DUMP, user, env, secrets, disk, found),)
