"""People are not in the admin: every change of an account goes through ``actions``.

What the packages register there (secrets of second factors, sessions, accounts of the
directory, groups of rights, jobs of the worker) would be a way around the log, so it is
taken out.
"""

from allauth.account import admin as _account
from allauth.mfa import admin as _mfa
from allauth.socialaccount import admin as _socialaccount
from allauth.usersessions import admin as _usersessions
from django.contrib import admin
from django.contrib.auth import admin as _auth
from procrastinate.contrib.django import admin as _jobs

# Only what is registered can be taken out: importing registers.
PACKAGES = tuple(
    module.__name__.rpartition(".")[0]
    for module in (_account, _mfa, _socialaccount, _usersessions, _auth, _jobs)
)

for model in list(admin.site._registry):
    if model.__module__.startswith(PACKAGES):
        admin.site.unregister(model)
