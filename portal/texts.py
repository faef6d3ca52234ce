"""The points at which a text message is sent (domain handbook §13.4), and what it says; pure, no ORM.

Texts are the court's and stay Chinese. They name the case number and a day, never a person, a sum or a property.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SIGNED = "【乌海综合执行局】"


@dataclass(frozen=True, slots=True)
class Point:
    """One point: the verb of the record that brings it, whom it is sent to, and its text."""

    code: str
    verb: str
    text: str
    side: str = "APPLICANT"
    details: Mapping[str, Any] | None = None  # what the record must say besides

    def fits(self, verb: str, details: Mapping[str, Any]) -> bool:
        """Return whether an event brings it."""
        wanted = self.details or {}
        return verb == self.verb and all(details.get(name) == value for name, value in wanted.items())


LOOK = "进度可凭受理回执上的查询码在公众查询页查看。"
POINTS: tuple[Point, ...] = (
    Point("FILED", "register", "您的执行申请已立案，案号%(number)s。" + LOOK),
    Point(
        "SUPPLEMENT",
        "ask_supplement",
        "您的执行申请（收件号%(number)s）还缺材料，请于%(due_on)s前补齐；缺什么见补正材料告知书，可到任一立案窗口询问。",
    ),
    Point("HANDLER", "allocate", "%(number)s已确定办理团队和承办法官。" + LOOK),
    Point("TEAM", "enter_stream", "%(number)s已由办理团队接收。" + LOOK),
    Point(
        "NOTICE",
        "deliver_document",
        "%(number)s执行通知书已送达。请在指定期间履行；逾期不履行的，加倍计算迟延履行期间的债务利息，并可依法限制消费、"
        "纳入失信名单。如已履行请联系法院。",
        side="DEBTOR",
        details={"title": "执行通知书"},
    ),
    Point("MONEY_IN", "receive", "%(number)s有案款到账，法院将在15日内发放，请确认收款账户可用。" + LOOK),
    Point("PAID", "confirm_payout", "%(number)s有一笔案款已由银行付出，请查收。" + LOOK),
    Point("BOUNCED", "bounce_payout", "%(number)s有一笔案款被银行退回，请带身份证到任一立案窗口核对收款账户。"),
    Point(
        "DELAYED",
        "decide_delay",
        "%(number)s有案款经批准暂缓发放。理由和期限见公众查询页。",
        details={"state": "APPROVED"},
    ),
    Point("REFUSED_OBJECTION", "notify_plan_objection", "%(number)s分配方案有人提出异议。" + LOOK),
    Point(
        "PROCEDURAL",
        "close",
        "%(number)s已终结本次执行程序，债权仍在。法院每六个月查询一次财产；您发现财产线索可随时申请恢复执行。",
        details={"mode": "PROCEDURAL"},
    ),
    Point("FULFILLED", "close", "%(number)s已执行完毕结案。" + LOOK, details={"mode": "FULFILLED"}),
    Point("REQUERY", "record_requery", "%(number)s终本后已再次查询财产。" + LOOK),
    Point(
        "EXPIRY",
        "deadline_alert",
        "%(number)s有控制措施将于%(due_on)s届满，需要续行的请在届满七日前向法院提出。",
        details={"node": "RENEWAL"},
    ),
    Point("CLUE", "answer_clue", "%(number)s您提供的线索已有答复。" + LOOK),
    Point("VISIT", "answer_visit", "%(number)s您的预约已有答复。" + LOOK),
)
# Sent at once, by no event.
CODE = "查询验证码%(code)s，10分钟内有效，只能用一次。工作人员不会向您索要验证码。"
VERBS = frozenset(point.verb for point in POINTS)
WORDS = {**{point.code: point.text for point in POINTS}, "PHONE_CODE": CODE}


def text_of(point: str, /, **values: str) -> str:
    """Return the text of a point."""
    return SIGNED + WORDS[point] % values
