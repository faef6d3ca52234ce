"""Check digits and canonical forms (GB 11643-1999, GB 32100-2015), and what is left after masking."""

import datetime as dt

import pytest

from bureau import identity, masking


def test_the_standards_own_examples():
    person = identity.canonical_resident_id(" 11010519491231002x ")
    assert person == ("11010519491231002X", dt.date(1949, 12, 31), "F")
    assert identity.canonical_uscc("91350100m000100y43") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (identity.canonical_resident_id, "110105194912310021"),
        (identity.canonical_resident_id, "1101051949123100"),
        (identity.canonical_uscc, "91350100M000100Y44"),
        (identity.canonical_uscc, "91350100I000100Y43"),
        (identity.canonical_phone, "12345"),
        (identity.canonical_phone, "23800001234"),
        (identity.canonical_old_resident_id, "110105491331002"),
        (identity.canonical_bank_code, "12345"),
    ],
)
def test_wrong_numbers_get_a_sentence(check, text):
    with pytest.raises(identity.InvalidNumber) as error:
        check(text)
    assert str(error.value)


def test_luhn_is_asked_of_persons_only():
    assert identity.canonical_account("6222 0202 0011 2230 004", is_person=True) == "6222020200112230004"
    with pytest.raises(identity.InvalidNumber):
        identity.canonical_account("6222020200112230005", is_person=True)
    assert identity.canonical_account("0200001109200098765", is_person=False)


def test_phones_are_brought_to_one_form():
    assert identity.canonical_phone("+86 138-0000-1234") == "13800001234"
    assert identity.canonical_phone("0473 2990001") == "0473-2990001"


@pytest.mark.parametrize(
    ("name", "kind", "masked"),
    [
        ("张三", "PERSON", "张*"),
        ("张小三", "PERSON", "张*三"),
        ("欧阳小三", "PERSON", "欧**三"),
        ("乌云其其格", "PERSON", "乌**"),
        ("乌海市测试商贸有限公司", "ORGANISATION", "乌海市测试商贸有限公司"),
    ],
)
def test_names_are_masked(name, kind, masked):
    assert masking.mask_name(name, kind) == masked


def test_numbers_are_masked():
    assert masking.mask_id("11010519491231002X") == "110105********002X"
    assert masking.mask_phone("13800001234") == "138****1234"
