from django.conf import settings
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        settings.PRIVATE_CLUSTER.up()
        return super().get_new_connection(conn_params)
