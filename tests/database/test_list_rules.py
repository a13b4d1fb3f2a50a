"""What the database holds of lists: acts are done to rows or to the list; removed is empty."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tests.database.list_rules import batch, import_act

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "accept"},
        {"kind": "dance", "rows": [[2, 2]]},
        {"kind": "leave", "rows": [[2, 2]], "repair": "names"},
        {"kind": "accept", "rows": [[2, 2]], "reason": "x"},
        {"kind": "put_back", "rows": [[2, 2]], "reason": "x"},
        {"kind": "remove", "rows": [[2, 2]], "reason": "x"},
        {"kind": "forget", "rows": [[2, 2]]},
        {"kind": "forget", "reason": "x"},
    ],
    ids=str,
)
def test_an_act_is_done_to_rows_or_to_the_list(fields):
    name = "import_act_of_rows_or_of_the_list"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        import_act(**fields)


@pytest.mark.parametrize("kept", [{"content": b"x"}, {"found": {"a": 1}}, {"notices": ["x"]}])
def test_nothing_of_a_removed_list_is_kept(kept):
    batch(status="removed", content=b"")
    name = "import_batch_removed_is_empty"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        batch(**{"status": "removed", "content": b"", **kept})
