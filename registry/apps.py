from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from registry.core.known import drop_views, make_views


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Supporting industries register")

    def ready(self) -> None:
        pre_migrate.connect(drop_views, sender=self)
        post_migrate.connect(make_views, sender=self)
        # After the app of the rights, which has by then made those of new tables.
        post_migrate.connect(refresh_roles, sender=apps.get_app_config("auth"))
        import_module("registry.web.signin.receivers")


def refresh_roles(**_kwargs: object) -> None:
    """Roles in use get the rights of this version."""
    import_module("registry.accounts.actions").refresh_roles()
