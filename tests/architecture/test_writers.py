"""Only ``actions.py``, the admin and migrations write; everything else reads."""

import ast

import pytest

from tests.architecture.source import ROOT, modules, tree

WRITERS = {"actions.py", "admin.py"}
ALWAYS = {
    "abulk_create",
    "acreate",
    "adelete",
    "asave",
    "aupdate",
    "bulk_create",
    "bulk_update",
    "create",
    "create_user",
    "create_superuser",
    "delete",
    "get_or_create",
    "save",
    "update_or_create",
}
OF_ROWS = {"objects", "filter", "exclude", "all", "order_by", "annotate"}
SQL_WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "COPY", "MERGE")


def chain(node):
    """The names of ``a.b(...).c`` as {"a", "b", "c"}."""
    names = set()
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        names.add(node.id)
    return names


def writes(module):
    """Lines that write rows. A dict's ``update`` is no writing; a queryset's is.

    Nor is ``save(file)``: a row's ``save`` takes no positional argument.
    """
    for node in ast.walk(module):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, before = node.func.attr, chain(node.func.value)
        if name == "save" and node.args:
            continue
        if name in ALWAYS or (name == "update" and before & OF_ROWS):
            yield node.lineno
        elif name in ("execute", "executemany") and node.args:
            sql = node.args[0]
            if isinstance(sql, ast.Constant) and str(sql.value).lstrip().upper().startswith(
                SQL_WRITES
            ):
                yield node.lineno


def test_nobody_else_writes():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules("registry")
        if path.name not in WRITERS
        for line in writes(tree(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "is_write"),
    [
        ("Enterprise.objects.create(name='x')", True),
        ("enterprise.sites.create(address='x')", True),
        ("row.save()", True),
        ("row.save(update_fields=['name'])", True),
        ("document.save(out)", False),
        ("Enterprise.objects.filter(pk=1).update(name='x')", True),
        ("Enterprise.objects.filter(pk=1).delete()", True),
        ("Enterprise.objects.bulk_create(rows)", True),
        ("cursor.execute('update registry_site set address = 1')", True),
        ("cursor.execute('select 1')", False),
        ("known.update(more)", False),
        ("hashlib.sha256().update(b'x')", False),
        ("Enterprise.objects.filter(pk=1).first()", False),
    ],
)
def test_the_rule_knows_a_write(line, is_write):
    assert bool(list(writes(ast.parse(line)))) is is_write
