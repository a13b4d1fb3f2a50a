"""What grows too long is looked at again before it grows further."""

from tests.architecture.source import CODE, ROOT, functions, line_count, modules

LONGEST_FILE = 500
LONGEST_TEST_FILE = 600
LONGEST_FUNCTION = 50
LONGEST_TEMPLATE = 250


def too_long(sizes, limit):
    return {str(place): lines for place, lines in sizes if lines > limit}


def test_files():
    sizes = [(path.relative_to(ROOT), line_count(path)) for path in modules(*CODE)]
    assert len(sizes) > 20
    assert too_long(sizes, LONGEST_FILE) == {}


def test_test_files():
    sizes = [(path.relative_to(ROOT), line_count(path)) for path in modules("tests")]
    assert too_long(sizes, LONGEST_TEST_FILE) == {}


def test_functions():
    sizes = [size for path in modules(*CODE, "tests") for size in functions(path)]
    assert len(sizes) > 100
    assert too_long(sizes, LONGEST_FUNCTION) == {}


def test_templates():
    templates = (ROOT / "templates").rglob("*.html")
    sizes = [(path.relative_to(ROOT), line_count(path)) for path in templates]
    assert sizes
    assert too_long(sizes, LONGEST_TEMPLATE) == {}
