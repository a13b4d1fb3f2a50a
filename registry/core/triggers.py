"""One operation for the triggers of many tables, so that a new database is made quickly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation
from pgtrigger.migrations import AddTrigger


class AddTriggers(Operation):
    """Add ``(table's model, trigger)`` in their order.

    ``AddTrigger`` has the models of all tables made anew for each trigger: with a hundred
    tables that takes a minute. No column depends on a trigger, so nothing is made anew here.
    """

    reversible = True

    def __init__(self, triggers: Sequence[tuple[str, Any]]) -> None:
        self.triggers = triggers

    def state_forwards(self, app_label: str, state: Any) -> None:
        for model_name, trigger in self.triggers:
            options = state.models[app_label, model_name.lower()].options
            options["triggers"] = [*options.get("triggers", []), trigger]

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for one in self._each():
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for one in reversed(self._each()):
            one.database_backwards(app_label, schema_editor, to_state, from_state)

    def describe(self) -> str:
        return f"Create {len(self.triggers)} triggers"

    def _each(self) -> list[AddTrigger]:
        return [AddTrigger(model_name=name, trigger=trigger) for name, trigger in self.triggers]
