"""Guards over the whole suite: what a test need not ask for and can never forget.

Each guard notes what it saw in a list; ``conftest.py`` fails the test at its end, so that
what happens in the thread of a live server is caught too.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.db.backends.postgresql.compiler import SQLCompiler
from django.db.models import QuerySet
from django.db.models.sql.constants import MULTI
from django.template import engines
from django.template.base import FilterExpression, Node
from django.templatetags.i18n import BlockTranslateNode
from django.test import Client

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
WRITES = re.compile(
    r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|ALTER|CREATE|DROP|COPY)\s+(?:ONLY\s+)?"
    r'"?(?P<table>\w+)',
    re.IGNORECASE,
)
# Django's own bookkeeping of who is signed in, and that backup codes were shown.
MAY_BE_WRITTEN_BY_A_GET = {"django_session", "mfa_authenticator"}
# The answer of an OpenID Connect issuer is a GET that signs in, by its protocol.
SIGNS_IN = "/account/oidc/directory/callback/"
DEFAULTS = {"default", "default_if_none"}


class Findings:
    """What the guards saw since the last look; safe to use from several threads."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self._lock = threading.Lock()

    def add(self, text: str) -> None:
        with self._lock:
            self._seen.append(text)

    def take(self) -> list[str]:
        with self._lock:
            seen, self._seen = self._seen, []
        return seen


class UnknownVariable(str):
    """Stands for an unknown variable: shows nothing, as in production, and notes it.

    Django asks this object twice: for its truth (``{{ x }}``) and whether it holds "%s"
    (``{% blocktranslate %}``). Both answers are those of the empty string.
    """

    findings: Findings

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        if isinstance(expression, FilterExpression) and frame.f_code.co_name == "resolve":
            names = {function.__name__ for function, _arguments in expression.filters}
            if not names & DEFAULTS:
                self._note(frame, str(expression.token))
        return False

    def __contains__(self, part: object) -> bool:
        frame = sys._getframe(1)
        node = frame.f_locals.get("self")
        while frame is not None and not isinstance(node, BlockTranslateNode):
            frame = frame.f_back
            node = frame.f_locals.get("self") if frame else None
        if frame is not None:
            self._note(frame, "a variable of blocktranslate")
        return False

    def _note(self, frame: Any, what: str) -> None:
        while frame is not None:
            node = frame.f_locals.get("self")
            origin = getattr(node, "origin", None) if isinstance(node, Node) else None
            if origin is not None:
                if Path(str(origin.name)).is_relative_to(settings.BASE_DIR / "templates"):
                    self.findings.add(f"{origin.template_name}: unknown variable {what}")
                return
            frame = frame.f_back


@contextmanager
def unknown_variables_are_noted(findings: Findings) -> Iterator[None]:
    unknown = UnknownVariable("")
    unknown.findings = findings
    with patch.object(engines["django"].engine, "string_if_invalid", unknown):
        yield


def has_no_order(query: Any) -> bool:
    """Whether PostgreSQL may give these rows in any order and an order can be added."""
    default = query.default_ordering and query.get_meta().ordering and not query.group_by
    return not (
        query.order_by
        or query.extra_order_by
        or default
        or query.distinct
        or query.combinator
        or query.is_empty()
    )


@contextmanager
def unordered_rows_are_shuffled() -> Iterator[None]:
    """Rows asked for without an order come youngest first, groups in random order.

    PostgreSQL may give them in any order and gives them, on a small table, in the order
    they were written: the one a test expects by mistake.
    """
    execute = SQLCompiler.execute_sql

    def shuffled(self: SQLCompiler, result_type: str = MULTI, *args: Any, **kwargs: Any) -> Any:
        if type(self) is SQLCompiler and result_type == MULTI and has_no_order(self.query):
            self.query = self.query.clone()
            self.query.add_ordering("?" if self.query.group_by is not None else "-pk")
        return execute(self, result_type, *args, **kwargs)

    with patch.object(SQLCompiler, "execute_sql", shuffled):
        yield


@contextmanager
def slices_need_an_order(findings: Findings) -> Iterator[None]:
    """A part of a queryset without an order is a different part each time."""
    get_item = QuerySet.__getitem__

    def checked(self: QuerySet, place: int | slice) -> Any:
        if self._result_cache is None and not self.ordered:
            caller = sys._getframe(1)
            where = f"{caller.f_code.co_filename}:{caller.f_lineno}"
            findings.add(f"{where}: a slice of {self.model.__name__} rows without an order")
        return get_item(self, place)

    with patch.object(QuerySet, "__getitem__", checked):
        yield


@contextmanager
def gets_do_not_write(findings: Findings) -> Iterator[None]:
    """Whatever a GET sends to the database is read-only, also while its answer streams."""
    get_response = BaseHandler.get_response

    def guarded(self: BaseHandler, request: Any) -> Any:
        if request.method not in SAFE_METHODS or request.path == SIGNS_IN:
            return get_response(self, request)
        watch = writes_noted(findings, f"{request.method} {request.path}")
        with watched(watch):
            response = get_response(self, request)
        if response.streaming and not response.is_async:
            response.streaming_content = streamed(response.streaming_content, watch)
        return response

    with patch.object(BaseHandler, "get_response", guarded):
        yield


def streamed(parts: Any, watch: Callable[..., Any]) -> Iterator[bytes]:
    """The parts of an answer, each made under the watch and given out without it."""
    parts = iter(parts)
    while True:
        with watched(watch):
            part = next(parts, None)
        if part is None:
            return
        yield part


@contextmanager
def watched(watch: Callable[..., Any]) -> Iterator[None]:
    with connections["default"].execute_wrapper(watch):
        yield


def writes_noted(findings: Findings, request: str) -> Callable[..., Any]:
    def watch(execute: Callable, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = sql if isinstance(sql, str) else sql.as_string(None)
        # Temporary tables hold what a GET reads of the past (``registry.core.known``).
        is_temporary = "pg_temp." in text and "INSERT" not in text
        if not is_temporary and not text.lstrip().upper().startswith("SELECT"):
            for write in WRITES.finditer(text):
                if write["table"] not in MAY_BE_WRITTEN_BY_A_GET:
                    findings.add(f"{request} writes: {text[:200]}")
                    break
        return execute(sql, params, many, context)

    return watch


def with_both_factors() -> AbstractContextManager[Any]:
    """``force_login`` signs in as by password and code, so that the gate lets the test in.

    The gate itself stays as it is in production (``tests/signin`` tries it).
    """
    sign_in = Client._login

    def signed_in(self: Client, user: Any, backend: str | None = None) -> None:
        sign_in(self, user, backend)
        session = self.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    return patch.object(Client, "_login", signed_in)
