from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from registry.core.known import drop_views, make_views


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Supporting industries register")

    def ready(self) -> None:
        pre_migrate.connect(drop_views, sender=self)
        post_migrate.connect(make_views, sender=self)
