import pytest

from registry.enterprises.validators import TaxCodeProblem, clean_tax_code


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("0100109106", "0100109106"),
        ("0100 109 106", "0100109106"),
        ("0100109106-001", "0100109106-001"),
        ("0100109106001", "0100109106-001"),
    ],
)
def test_clean_tax_code(text, clean):
    assert clean_tax_code(text) == clean


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("100109106", "lost_zero"),
        ("0100109107", "checksum"),
        ("010010910", "length"),
        ("0100A09106", "letters"),
        ("001099012345", "personal"),
    ],
)
def test_clean_tax_code_refuses(text, code):
    with pytest.raises(TaxCodeProblem) as problem:
        clean_tax_code(text)
    assert problem.value.code == code


def test_clean_tax_code_of_a_household():
    assert clean_tax_code("001099012345", is_household=True) == "001099012345"
