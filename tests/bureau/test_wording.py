"""Every form of every room speaks the house's words, never the framework's."""

import datetime as dt
from importlib import import_module

import pytest
from django import forms
from django.forms import BaseForm
from django.urls import get_resolver

from bureau import wording
from bureau.errors import Refused, of_field
from bureau.forms import ChangePassword, LogIn
from intake.forms import ApplicantSet, ClaimSet, DebtorSet

ROOMS = ("bureau", "cases", "documents", "accounts", "dispatch", "intake", "supervision", "portal")


class Everything(wording.Form):
    """One field of each kind."""

    text = forms.CharField(max_length=3)
    name = forms.CharField(min_length=2)
    amount = forms.DecimalField(max_digits=6, decimal_places=2, min_value=1)
    count = forms.IntegerField(min_value=1)
    day = forms.DateField()
    kind = forms.ChoiceField(choices=[("A", "A")])
    kinds = forms.MultipleChoiceField(choices=[("A", "A")])
    agreed = forms.BooleanField()
    own = forms.CharField(error_messages={"required": "自己的话"})


def test_every_form_of_the_house_speaks_its_words():
    for room in ROOMS:
        module = import_module(f"{room}.forms")
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, BaseForm) and thing.__module__ == module.__name__:
                assert issubclass(thing, wording.Form | LogIn | ChangePassword), f"{room}: {thing.__name__}"


def _kinds(base):
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


def test_every_field_of_a_form_is_called_in_the_houses_words():
    get_resolver().url_patterns  # noqa: B018 - loads every room's pages, and their forms with them
    unnamed = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in set(_kinds(BaseForm))
        if form.__module__.partition(".")[0] in ROOMS and form not in (LogIn, ChangePassword)
        for name, field in form.base_fields.items()
        if not field.label and not field.widget.is_hidden
    ]
    assert unnamed == []


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("text", "", "请填写"),
        ("text", "四个字长", "最多 3 个字，现有 4 个字"),
        ("text", "a\0", "含有不能识别的字符"),
        ("name", "王", "至少 2 个字，现有 1 个字"),
        ("amount", "1.234", "金额最多两位小数"),
        ("amount", "0.5", "金额不能小于 1 元"),
        ("amount", "一百", "请填写金额，只用数字和小数点"),
        ("amount", "123456", "金额过大，请核对"),
        ("count", "1.5", "请填写整数"),
        ("count", "0", "不能小于 1"),
        ("day", "", "请填写日期"),
        ("day", "2021-02-30", "请填写日期，如 2021-12-27"),
        ("kind", "", "请选择"),
        ("kind", "B", "请选择列表中的一项"),
        ("kinds", [], "请至少选择一项"),
        ("agreed", "", "请勾选"),
        ("own", "", "自己的话"),
    ],
)
def test_what_is_said_of_each_fault(field, typed, said):
    assert Everything({field: typed}).errors[field] == [said]


@pytest.mark.django_db
def test_a_choice_begins_with_a_word_not_with_dashes(house):
    form = import_module("bureau.forms").DeputyForm()
    assert "---------" not in str(form)
    assert "请选择" in str(form["principal"])


@pytest.mark.parametrize(
    ("rows", "prefix", "said"),
    [
        (ApplicantSet, "applicants", "请至少填写一名申请执行人"),
        (DebtorSet, "debtors", "请至少填写一名被执行人"),
        (ClaimSet, "claims", "请至少填写一项执行请求"),
    ],
)
def test_an_empty_set_says_what_is_missing(rows, prefix, said):
    data = {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    kwargs = {} if rows is ClaimSet else {"form_kwargs": {"today": dt.date(2021, 12, 27)}}
    assert rows(data, prefix=prefix, **kwargs).non_form_errors() == [said]


class Asking(wording.Form):
    asks_for = {"reason": "note"}
    note = forms.CharField()
    paid_on = forms.DateField()
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class TestRefused:
    REASONS = ("本案已结案", of_field("paid_on", "实付日不能晚于今天"), of_field("reason", "请写明凭据"))

    def test_it_keeps_all_reasons_in_order_and_sorts_them(self):
        refused = Refused([*self.REASONS, of_field("paid_on", "实付日早于立案日")])
        assert refused.reasons == ["本案已结案", "实付日不能晚于今天", "请写明凭据", "实付日早于立案日"]
        assert refused.general == ["本案已结案"]
        assert refused.by_field == {"paid_on": ["实付日不能晚于今天", "实付日早于立案日"], "reason": ["请写明凭据"]}
        assert (Refused("不行").general, Refused(of_field("note", "不行")).by_field) == (["不行"], {"note": ["不行"]})

    def test_a_form_says_each_beside_the_field_that_asked_for_it(self):
        form = Asking({"note": "凭证", "paid_on": "2021-09-06"})
        assert form.is_valid()
        form.refuse(Refused(self.REASONS))
        assert form.errors == {
            "__all__": ["本案已结案"],
            "paid_on": ["实付日不能晚于今天"],
            "note": ["请写明凭据"],
        }
        assert form["note"].value() == "凭证"

    @pytest.mark.parametrize("field", ["seen", "stage"])
    def test_what_is_not_on_the_form_is_said_above_it(self, field):
        form = Asking({"note": "凭证", "paid_on": "2021-09-06"})
        form.refuse(Refused(of_field(field, "已有变化")))
        assert form.errors == {"__all__": ["已有变化"]}


@pytest.mark.django_db
class TestLogin:
    def test_a_wrong_password_is_said_plainly(self, client, house):
        page = client.post("/login/", {"username": house.chief.username, "password": "x"}).content.decode()
        assert "登录名或密码不对" in page

    def test_a_wrong_old_password_is_said_plainly(self, house, login):
        answer = login(house.chief).post(
            "/profile/", {"old_password": "x", "new_password1": "Aq7-Tm2-Zk9", "new_password2": "Aq7-Tm2-Zk8"}
        )
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "现在的密码不对" in page
        assert "两次输入的新密码不一致" in page
