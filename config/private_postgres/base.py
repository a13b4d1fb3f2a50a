"""Django's PostgreSQL back end, which wakes the private cluster when first needed."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base

from config.cluster import ClusterError


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection; a cluster that cannot start is a database that cannot be reached."""
        try:
            settings.PRIVATE_CLUSTER.up()
        except ClusterError as problem:
            raise psycopg.OperationalError(str(problem)) from problem
        return super().get_new_connection(conn_params)
