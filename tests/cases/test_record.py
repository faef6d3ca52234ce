"""Who reads what in the record of a case: money only those who may see money."""

import ast
from pathlib import Path

import pytest
from django.urls import reverse

from accounts import services as accounts
from accounts.bank import BankLineData
from accounts.services.planobjections import NOTES
from accounts.services.receipts import ARRIVAL_VERBS
from bureau.models import Event
from cases import sentences, timeline
from cases.models import Case
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 20)
WORDS = ("案款到账", "确认收款账户", "银行确认到账", "开立一案一账号", "SERIAL1", "0004", "查看完整收款账号")
SERVICES = Path(accounts.__file__).parent


@pytest.fixture
def case(house) -> Case:
    """A case whose record holds money in and out."""
    case = kept.running_case(house)
    factories.deposit(house, case, "50000.00", serial="SERIAL1")
    payout = factories.payout(house, case, "20000.00", reference="P1")
    accounts.reveal_account(payout, reason="核对", at=AT, actor=house.finance)
    line = accounts.arrive(
        BankLineData("SERIAL2", AT.date(), 9, "某人"), at=AT, entered_by=house.finance2, actor=house.finance
    )
    receipt = factories.identify(line, case, at=AT, by=case.owner, checker=house.finance)
    accounts.unidentify(receipt, reason="错", at=AT, actor=house.finance2)
    return case


@pytest.mark.parametrize("duty", ["window_clerk", "receptionist", "dispatcher"])
def test_without_the_permission_no_money_is_read(house, case, login, duty):
    client = login(getattr(house, duty))
    page = client.get(reverse("cases:timeline", args=[case.pk]))
    record = client.get(reverse("cases_api:record", args=[case.pk]), {"page_size": 200})
    assert "登记立案" in page.content.decode()
    assert {line["verb"] for line in record.json()["results"]} & sentences.MONEY_VERBS == set()
    for text in (page.content.decode(), record.content.decode()):
        assert not [word for word in (*WORDS, "SERIAL2", case.escrow.number) if word in text]


def test_with_the_permission_all_of_it_is_read(house, case, login):
    text = login(house.finance).get(reverse("cases:timeline", args=[case.pk])).content.decode()
    assert not [word for word in (*WORDS, case.escrow.number) if word not in text]


# Where each function that writes to the record is handed its verb.
VERB_PLACE = dict.fromkeys(("record", "record_in_room", "_record", "_signed", "_asked_anew", "_step"), 1)
VERB_PLACE |= {"_end": 2, "_answer": 2}


def _recorded_verbs():
    # Every verb that a service of the money hands to the record.
    for path in SERVICES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = VERB_PLACE.get(getattr(node.func, "id", "")) if isinstance(node, ast.Call) else None
            if place is not None and len(node.args) > place and isinstance(node.args[place], ast.Constant):
                yield node.args[place].value
    yield from (verb for _field, verb, _before in NOTES.values())
    yield from ARRIVAL_VERBS.values()


def test_every_act_on_money_is_declared():
    verbs = set(_recorded_verbs())
    assert len(verbs) > 15
    assert verbs == sentences.MONEY_VERBS
    of_no_case = {"arrive_unidentified", "books_broken", "import_statement", "save_bank_format"}
    of_no_case |= {"make_day_sheets", "sign_day", "name_signatory", "explain_difference"}
    of_no_case |= {"make_payment_file", "take_payment_file", "take_status_report"}
    of_no_case |= {"note_strange_answer", "settle_strange_answer"}
    of_no_case |= {"enter_line", "confirm_line", "refuse_line", "enter_bank_balance"}
    of_no_case |= {f"{act}_refund" for act in ("request", "approve", "refuse", "withdraw", "pay", "confirm", "bounce")}
    assert verbs - set(sentences.SENTENCES) == of_no_case


def test_why_nobody_was_received_is_said_in_words(house, case):
    said = Event.objects.filter(chain=f"case:{case.pk}", verb="note_source")
    (line,) = timeline.lines(said)
    assert [value for label, value in line.facts if label == "理由"] == ["邮寄立案"]
