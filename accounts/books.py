"""Proves from rows alone that the books are true; every invariant is one statement that returns what breaks it.

Nothing here trusts a trigger, a constraint or a kept balance: each sum is added up again. Amounts are yuan.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# What every statement may use: sums of the ledger by account, and the states in which a payout takes money.
_WITH = """
WITH moved AS (
    SELECT account_id, sum(amount) AS total FROM (
        SELECT credit_id AS account_id, amount FROM accounts_transfer
        UNION ALL SELECT debit_id, -amount FROM accounts_transfer
    ) AS side GROUP BY account_id
), spent AS (
    SELECT * FROM accounts_payout WHERE state NOT IN ('BOUNCED', 'REJECTED', 'SENT_BACK', 'REVERSED')
), gone AS (
    SELECT * FROM accounts_payout WHERE state IN ('SENT', 'PAID')
), named AS (
    SELECT id, coalesce(number, provisional_number) AS number FROM cases_case
)
"""


@dataclass(frozen=True, slots=True)
class Invariant:
    """One thing that is always true; its statement returns case number (or none) and the figures that contradict it."""

    code: str
    label: str | Promise
    figures: tuple[str | Promise, ...]
    sql: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One break of one invariant."""

    code: str
    case_number: str
    figures: tuple[str, ...]

    @property
    def words(self) -> str:
        """Return it as one sentence: what is broken, where, and by which figures."""
        invariant = BY_CODE[self.code]
        pairs = [f"{name} {value}" for name, value in zip(invariant.figures, self.figures, strict=True)]
        return " ".join(filter(None, [str(invariant.label), self.case_number, _("，").join(pairs)]))


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "SUM",
        gettext_lazy("全部账户合计不为零"),
        (gettext_lazy("合计"),),
        "SELECT NULL, sum(m.total)::text FROM moved m JOIN accounts_account a ON a.id = m.account_id"
        " HAVING sum(m.total) <> 0",
    ),
    Invariant(
        "TRANSFER",
        gettext_lazy("分录无效：金额不为正、借贷同户或账户不存在"),
        (gettext_lazy("参考号"), gettext_lazy("金额")),
        "SELECT NULL, t.reference, t.amount::text FROM accounts_transfer t"
        " LEFT JOIN accounts_account d ON d.id = t.debit_id LEFT JOIN accounts_account c ON c.id = t.credit_id"
        " WHERE t.amount <= 0 OR t.debit_id = t.credit_id OR d.id IS NULL OR c.id IS NULL",
    ),
    Invariant(
        "REVERSAL",
        gettext_lazy("冲正与原分录不相反"),
        (gettext_lazy("参考号"), gettext_lazy("金额"), gettext_lazy("原金额")),
        "SELECT NULL, t.reference, t.amount::text, coalesce(o.amount::text, '-') FROM accounts_transfer t"
        " LEFT JOIN accounts_transfer o ON o.id = t.reverses_id WHERE t.purpose = 'REVERSE' AND"
        " (o.credit_id = t.debit_id AND o.amount = t.amount AND (o.debit_id = t.credit_id OR (o.purpose = 'DEPOSIT'"
        "  AND t.credit_id = (SELECT id FROM accounts_account WHERE kind = 'UNIDENTIFIED')))) IS NOT TRUE",
    ),
    Invariant(
        "BALANCE",
        gettext_lazy("账户余额与分录合计不符"),
        (gettext_lazy("账号"), gettext_lazy("余额"), gettext_lazy("分录合计")),
        "SELECT n.number, a.number, a.balance::text, coalesce(m.total, 0.00)::text FROM accounts_account a"
        " LEFT JOIN moved m ON m.account_id = a.id LEFT JOIN named n ON n.id = a.case_id"
        " WHERE a.balance <> CASE WHEN a.keeps_balance THEN coalesce(m.total, 0) ELSE 0 END",
    ),
    Invariant(
        "OVERDRAWN",
        gettext_lazy("账户透支"),
        (gettext_lazy("账号"), gettext_lazy("分录合计")),
        "SELECT n.number, a.number, m.total::text FROM accounts_account a JOIN moved m ON m.account_id = a.id"
        " LEFT JOIN named n ON n.id = a.case_id WHERE a.kind <> 'BANK_MASTER' AND m.total < 0",
    ),
    Invariant(
        "ONE_ACCOUNT",
        gettext_lazy("一案应有且只有一个账户"),
        (gettext_lazy("账户数"),),
        "SELECT n.number, count(a.id)::text FROM named n LEFT JOIN accounts_account a ON a.case_id = n.id"
        " WHERE a.id IS NOT NULL OR EXISTS (SELECT 1 FROM accounts_receipt r WHERE r.case_id = n.id)"
        " OR EXISTS (SELECT 1 FROM accounts_payout o WHERE o.case_id = n.id)"
        " GROUP BY n.id, n.number HAVING count(a.id) <> 1",
    ),
    Invariant(
        "CASE",
        gettext_lazy("本案收支不平：到账加转入应等于各项支出加余额"),
        (gettext_lazy("到账"), gettext_lazy("转入"), gettext_lazy("支出"), gettext_lazy("余额")),
        "SELECT n.number, i.arrived::text, i.moved_in::text, i.gone::text, i.balance::text FROM ("
        " SELECT a.case_id,"
        "  (SELECT coalesce(sum(amount), 0.00) FROM accounts_receipt r WHERE r.case_id = a.case_id"
        "    AND r.voided_at IS NULL AND r.bank_line_id IS NOT NULL) AS arrived,"
        "  (SELECT coalesce(sum(amount), 0.00) FROM accounts_receipt r WHERE r.case_id = a.case_id"
        "    AND r.voided_at IS NULL AND r.bank_line_id IS NULL) AS moved_in,"
        "  (SELECT coalesce(sum(amount), 0.00) FROM gone o WHERE o.case_id = a.case_id"
        "    AND o.purpose <> 'RELEASE') AS gone,"
        "  coalesce(m.total, 0.00) AS balance"
        " FROM accounts_account a LEFT JOIN moved m ON m.account_id = a.id WHERE a.kind = 'ESCROW') AS i"
        " JOIN named n ON n.id = i.case_id WHERE i.arrived + i.moved_in <> i.gone + i.balance",
    ),
    Invariant(
        "OVERSPENT",
        gettext_lazy("发放超过到账"),
        (gettext_lazy("发放"), gettext_lazy("到账")),
        "SELECT n.number, s.total::text, coalesce(r.total, 0.00)::text FROM"
        " (SELECT case_id, sum(amount) AS total FROM spent WHERE purpose <> 'RELEASE' GROUP BY case_id) AS s"
        " LEFT JOIN (SELECT case_id, sum(amount) AS total FROM accounts_receipt WHERE voided_at IS NULL"
        " GROUP BY case_id) AS r ON r.case_id = s.case_id JOIN named n ON n.id = s.case_id"
        " WHERE s.total > coalesce(r.total, 0)",
    ),
    Invariant(
        "PEOPLE",
        gettext_lazy("申请、审核、审批、付款不是四个不同的人"),
        (gettext_lazy("付款参考号"), gettext_lazy("金额")),
        "SELECT n.number, o.reference, o.amount::text FROM accounts_payout o JOIN named n ON n.id = o.case_id"
        " WHERE o.requested_by_id IN (o.checked_by_id, o.approved_by_id, o.paid_by_id)"
        " OR o.checked_by_id IN (o.approved_by_id, o.paid_by_id) OR o.approved_by_id = o.paid_by_id"
        " OR (o.state IN ('SENT', 'PAID', 'BOUNCED', 'REVERSED') AND (o.checked_by_id IS NULL"
        " OR o.approved_by_id IS NULL OR o.paid_by_id IS NULL))",
    ),
    Invariant(
        "PAYEE",
        gettext_lazy("向未经确认的账户付款"),
        (gettext_lazy("付款参考号"), gettext_lazy("金额"), gettext_lazy("账号尾号")),
        "SELECT n.number, o.reference, o.amount::text, p.number_last4 FROM accounts_payout o"
        " JOIN accounts_payeeaccount p ON p.id = o.payee_id JOIN named n ON n.id = o.case_id"
        " WHERE o.sent_at IS NOT NULL AND (p.confirmed_at IS NULL OR p.state <> 'CONFIRMED'"
        " OR p.confirmed_at > o.sent_at OR p.replaced_at < o.sent_at OR p.case_id <> o.case_id"
        " OR (NOT p.is_by_one AND p.confirmed_by_id = p.entered_by_id)"
        " OR p.usable_on > (o.sent_at AT TIME ZONE 'Asia/Shanghai')::date)",
    ),
    Invariant(
        "PARTS",
        gettext_lazy("发放与所用到账款合计不符"),
        (gettext_lazy("付款参考号"), gettext_lazy("金额"), gettext_lazy("所用到账款")),
        "SELECT n.number, o.reference, o.amount::text, coalesce(p.total, 0.00)::text FROM accounts_payout o"
        " LEFT JOIN (SELECT payout_id, sum(amount) AS total FROM accounts_payoutpart GROUP BY payout_id) AS p"
        " ON p.payout_id = o.id JOIN named n ON n.id = o.case_id"
        " WHERE coalesce(p.total, 0) <> CASE o.purpose WHEN 'RELEASE' THEN 0 ELSE o.amount END",
    ),
    Invariant(
        "RECEIPT",
        gettext_lazy("一笔到账款被用超或用于另案"),
        (gettext_lazy("到账"), gettext_lazy("已用")),
        "SELECT n.number, r.amount::text, sum(p.amount)::text FROM accounts_receipt r"
        " JOIN accounts_payoutpart p ON p.receipt_id = r.id JOIN spent o ON o.id = p.payout_id"
        " JOIN named n ON n.id = r.case_id GROUP BY n.number, r.id, r.amount, r.case_id, r.voided_at"
        " HAVING sum(p.amount) > r.amount OR bool_or(o.case_id <> r.case_id) OR r.voided_at IS NOT NULL",
    ),
    Invariant(
        "PAID",
        gettext_lazy("到账款的已发放金额与付款不符"),
        (gettext_lazy("到账"), gettext_lazy("已发放"), gettext_lazy("付款合计")),
        "SELECT n.number, r.amount::text, r.paid_total::text, coalesce(p.total, 0.00)::text FROM accounts_receipt r"
        " JOIN named n ON n.id = r.case_id LEFT JOIN (SELECT x.receipt_id, sum(x.amount) AS total"
        "  FROM accounts_payoutpart x JOIN accounts_payout o ON o.id = x.payout_id WHERE o.state = 'PAID'"
        "  GROUP BY x.receipt_id) AS p ON p.receipt_id = r.id WHERE r.paid_total <> coalesce(p.total, 0)",
    ),
    Invariant(
        "STATEMENT",
        gettext_lazy("对账单的笔数与入账记录不符"),
        (gettext_lazy("文件"), gettext_lazy("新入账"), gettext_lazy("入账记录")),
        "SELECT NULL, s.file_name, s.new_count::text, (l.count + d.count)::text FROM accounts_statement s,"
        " LATERAL (SELECT count(*) FROM accounts_bankline WHERE statement_id = s.id) AS l,"
        " LATERAL (SELECT count(*) FROM accounts_statementdebit WHERE statement_id = s.id) AS d"
        " WHERE s.new_count <> l.count + d.count",
    ),
    Invariant(
        "BOOKED",
        gettext_lazy("发放状态与分录不符"),
        (gettext_lazy("付款参考号"), gettext_lazy("状态"), gettext_lazy("金额"), gettext_lazy("分录")),
        "SELECT n.number, o.reference, o.state, o.amount::text, coalesce(t.steps, '-') FROM accounts_payout o"
        " LEFT JOIN (SELECT payout_id, string_agg(CASE WHEN purpose IN ('CONFIRM', 'BOUNCE', 'REVERSE') THEN purpose"
        "  ELSE 'OUT' END, '+' ORDER BY id) AS steps, bool_and(amount = whole) AS is_whole FROM"
        "  (SELECT x.*, y.amount AS whole FROM accounts_transfer x JOIN accounts_payout y ON y.id = x.payout_id) AS z"
        "  GROUP BY payout_id) AS t ON t.payout_id = o.id"
        " JOIN named n ON n.id = o.case_id WHERE t.is_whole IS FALSE OR coalesce(t.steps, '-') <> CASE"
        " WHEN o.state = 'SENT' THEN 'OUT' WHEN o.returned_at IS NOT NULL THEN 'OUT+CONFIRM+BOUNCE'"
        " WHEN o.state = 'BOUNCED' THEN 'OUT+BOUNCE'"
        " WHEN o.state = 'REVERSED' THEN 'OUT+REVERSE' WHEN o.state <> 'PAID' THEN '-'"
        " WHEN o.purpose IN ('MOVE', 'ABSENT') THEN 'OUT' ELSE 'OUT+CONFIRM' END",
    ),
    Invariant(
        "LINE",
        gettext_lazy("银行来款与到账记录不符"),
        (gettext_lazy("银行流水号"), gettext_lazy("来款"), gettext_lazy("归案金额")),
        "SELECT max(n.number), b.serial, b.amount::text, coalesce(sum(r.amount), 0.00)::text FROM accounts_bankline b"
        " LEFT JOIN accounts_receipt r ON r.bank_line_id = b.id AND r.voided_at IS NULL"
        " LEFT JOIN named n ON n.id = r.case_id GROUP BY b.id, b.serial, b.amount, b.state"
        " HAVING coalesce(sum(r.amount), 0) <> CASE b.state WHEN 'MATCHED' THEN b.amount ELSE 0 END",
    ),
    Invariant(
        "RETURN",
        gettext_lazy("退回的付款与银行来款不符"),
        (gettext_lazy("付款参考号"), gettext_lazy("付款"), gettext_lazy("来款")),
        "SELECT n.number, o.reference, o.amount::text, coalesce(b.amount::text, '-') FROM accounts_payout o"
        " JOIN named n ON n.id = o.case_id LEFT JOIN accounts_bankline b ON b.returns_id = o.id"
        " WHERE (o.returned_at IS NOT NULL OR b.id IS NOT NULL) AND (b.state = 'RETURNED' AND b.amount = o.amount"
        " AND o.state = 'BOUNCED' AND o.returned_at IS NOT NULL) IS NOT TRUE",
    ),
    Invariant(
        "REFUND",
        gettext_lazy("退还付款人的款项与来款、经手人或分录不符"),
        (gettext_lazy("付款参考号"), gettext_lazy("状态"), gettext_lazy("来款"), gettext_lazy("分录")),
        "SELECT NULL, f.reference, f.state, b.amount::text, coalesce(t.steps, '-') FROM accounts_linerefund f"
        " JOIN accounts_bankline b ON b.id = f.line_id"
        " LEFT JOIN (SELECT refund_id, string_agg(purpose || ':' || amount, '+' ORDER BY id) AS steps"
        "  FROM accounts_transfer WHERE refund_id IS NOT NULL GROUP BY refund_id) AS t ON t.refund_id = f.id"
        " WHERE f.amount <> b.amount OR f.holder_name <> b.payer_name"
        " OR f.requested_by_id IN (f.approved_by_id, f.paid_by_id) OR f.approved_by_id = f.paid_by_id"
        " OR coalesce(t.steps, '-') <> CASE f.state WHEN 'SENT' THEN 'LINE_REFUND:' || f.amount"
        "  WHEN 'PAID' THEN 'LINE_REFUND:' || f.amount || '+CONFIRM:' || f.amount"
        "  WHEN 'BOUNCED' THEN 'LINE_REFUND:' || f.amount || '+BOUNCE:' || f.amount ELSE '-' END"
        " UNION ALL SELECT NULL, b.serial, b.state, b.amount::text, '-' FROM accounts_bankline b"
        " WHERE (b.state = 'REFUNDED') <> ((SELECT count(*) FROM accounts_linerefund f WHERE f.line_id = b.id"
        "  AND f.state IN ('SENT', 'PAID')) = 1)",
    ),
    Invariant(
        "MOVE",
        gettext_lazy("转入另案的款项与对方到账不符"),
        (gettext_lazy("付款参考号"), gettext_lazy("转出"), gettext_lazy("转入")),
        "SELECT n.number, o.reference, p.amount::text, coalesce(r.amount::text, '-') FROM accounts_payout o"
        " JOIN accounts_payoutpart p ON p.payout_id = o.id JOIN accounts_receipt s ON s.id = p.receipt_id"
        " JOIN named n ON n.id = o.case_id LEFT JOIN accounts_receipt r ON r.moved_part_id = p.id"
        " AND (r.voided_at IS NULL) = (o.state = 'PAID')"
        " WHERE o.purpose = 'MOVE' AND o.state IN ('PAID', 'REVERSED') AND (r.amount = p.amount"
        " AND r.case_id = o.target_id AND r.arrived_on = s.arrived_on AND r.due_on = s.due_on) IS NOT TRUE",
    ),
    Invariant(
        "DEPOSIT",
        gettext_lazy("领取超过提存"),
        (gettext_lazy("付款参考号"), gettext_lazy("提存"), gettext_lazy("领取")),
        "SELECT n.number, d.reference, d.amount::text, sum(o.amount)::text FROM accounts_payout d"
        " JOIN spent o ON o.releases_id = d.id JOIN named n ON n.id = d.case_id"
        " GROUP BY n.number, d.id, d.reference, d.amount, d.state HAVING sum(o.amount) > d.amount OR d.state <> 'PAID'",
    ),
    Invariant(
        "PLAN",
        gettext_lazy("按分配方案发放超过可分配金额"),
        (gettext_lazy("分配方案"), gettext_lazy("可分配金额"), gettext_lazy("发放")),
        "SELECT n.number, d.document, d.pool::text, sum(o.amount)::text FROM accounts_distribution d"
        " JOIN accounts_distributionshare s ON s.distribution_id = d.id JOIN spent o ON o.share_id = s.id"
        " JOIN named n ON n.id = d.case_id GROUP BY n.number, d.id, d.document, d.pool HAVING sum(o.amount) > d.pool",
    ),
    Invariant(
        "BATCH",
        gettext_lazy("批次人数、合计或已付出与名册不符"),
        (gettext_lazy("批次"), gettext_lazy("合计"), gettext_lazy("名册合计"), gettext_lazy("已付出")),
        "SELECT n.number, b.id::text, c.total::text, coalesce(r.total, 0.00)::text, c.sent::text FROM accounts_batch b"
        " JOIN accounts_batchcase c ON c.batch_id = b.id JOIN named n ON n.id = c.case_id"
        " LEFT JOIN (SELECT x.batch_id, x.case_id, count(*) AS row_count, sum(x.amount) AS total,"
        "  coalesce(sum(o.amount), 0) AS sent FROM accounts_batchrow x"
        "  LEFT JOIN accounts_payout o ON o.batch_row_id = x.id GROUP BY x.batch_id, x.case_id) AS r"
        " ON r.batch_id = b.id AND r.case_id = c.case_id"
        " WHERE (r.row_count = c.row_count AND r.total = c.total AND r.sent = c.sent) IS NOT TRUE"
        " OR ((b.row_count, b.total) ="
        " (SELECT sum(y.row_count), sum(y.total) FROM accounts_batchcase y WHERE y.batch_id = b.id)) IS NOT TRUE"
        " OR (b.state = 'DONE' AND c.sent <> c.total)",
    ),
    Invariant(
        "BATCH_ROW",
        gettext_lazy("批次中的一行未按名册付款或重复付款"),
        (gettext_lazy("批次"), gettext_lazy("行号"), gettext_lazy("名册金额"), gettext_lazy("发放")),
        "SELECT n.number, r.batch_id::text, r.position::text, r.amount::text,"
        " string_agg(o.reference, '+' ORDER BY o.id)"
        " FROM accounts_batchrow r JOIN accounts_batch b ON b.id = r.batch_id JOIN named n ON n.id = r.case_id"
        " JOIN accounts_payout o ON o.batch_row_id = r.id LEFT JOIN accounts_payout f ON f.batch_row_id = r.replaces_id"
        " GROUP BY n.number, r.id, b.id HAVING count(DISTINCT o.id) <> 1 OR bool_or((o.case_id = r.case_id"
        "  AND o.payee_id = r.payee_id AND o.amount = r.amount AND o.requested_by_id = b.requested_by_id"
        "  AND o.checked_by_id = b.checked_by_id AND o.approved_by_id = b.approved_by_id"
        "  AND o.paid_by_id = b.paid_by_id) IS NOT TRUE) OR bool_or(f.state <> 'BOUNCED')",
    ),
    Invariant(
        "HOUSE",
        gettext_lazy("本局过渡账户与未了款项不符"),
        (gettext_lazy("账户类别"), gettext_lazy("分录合计"), gettext_lazy("未了款项")),
        "SELECT NULL, h.name, h.total::text, h.open::text FROM ("
        " SELECT 'UNIDENTIFIED' AS name, coalesce((SELECT sum(m.total) FROM moved m JOIN accounts_account a"
        "  ON a.id = m.account_id WHERE a.kind = 'UNIDENTIFIED'), 0.00) AS total,"
        "  coalesce((SELECT sum(amount) FROM accounts_bankline WHERE state = 'UNIDENTIFIED'), 0.00) AS open"
        " UNION ALL SELECT 'ABSENT', coalesce((SELECT sum(m.total) FROM moved m JOIN accounts_account a"
        "  ON a.id = m.account_id WHERE a.kind = 'ABSENT'), 0.00),"
        "  coalesce((SELECT sum(CASE purpose WHEN 'ABSENT' THEN amount ELSE -amount END) FROM gone"
        "  WHERE purpose IN ('ABSENT', 'RELEASE')), 0.00)"
        " UNION ALL SELECT 'IN_TRANSIT', coalesce((SELECT sum(m.total) FROM moved m JOIN accounts_account a"
        "  ON a.id = m.account_id WHERE a.kind IN ('IN_TRANSIT', 'FEES_DUE', 'COSTS', 'REFUNDS')), 0.00),"
        "  coalesce((SELECT sum(amount) FROM gone WHERE state = 'SENT'), 0.00)"
        "  + coalesce((SELECT sum(amount) FROM accounts_linerefund WHERE state = 'SENT'), 0.00)) AS h"
        " WHERE h.total <> h.open",
    ),
    Invariant(
        "DAY",
        gettext_lazy("已签结的日对账与分录不符"),
        (gettext_lazy("日期"), gettext_lazy("签结的收支"), gettext_lazy("分录收支")),
        "SELECT NULL, s.day::text, s.ledger_in::text || '/' || s.ledger_out::text,"
        " coalesce(t.came, 0.00)::text || '/' || coalesce(t.went, 0.00)::text FROM accounts_daysheet s LEFT JOIN ("
        " SELECT x.value_on, sum(x.amount) FILTER (WHERE d.kind = 'BANK_MASTER') AS came,"
        "  count(*) FILTER (WHERE d.kind = 'BANK_MASTER') AS came_count,"
        "  sum(x.amount) FILTER (WHERE c.kind = 'BANK_MASTER') AS went,"
        "  count(*) FILTER (WHERE c.kind = 'BANK_MASTER') AS went_count"
        "  FROM accounts_transfer x JOIN accounts_account d ON d.id = x.debit_id"
        "  JOIN accounts_account c ON c.id = x.credit_id GROUP BY x.value_on) AS t ON t.value_on = s.day"
        " WHERE s.state = 'SIGNED' AND (s.ledger_in, s.ledger_in_count, s.ledger_out, s.ledger_out_count) <>"
        " (coalesce(t.came, 0), coalesce(t.came_count, 0), coalesce(t.went, 0), coalesce(t.went_count, 0))",
    ),
    Invariant(
        "DAY_CLOSING",
        gettext_lazy("已签结的日余额与前日余额、当日收支或分录不符"),
        (gettext_lazy("日期"), gettext_lazy("签结的余额"), gettext_lazy("应为")),
        "SELECT NULL, s.day::text, s.ledger_closing::text, s.due::text FROM ("
        " SELECT day, ledger_closing, lag(ledger_closing) OVER (ORDER BY day) + ledger_in - ledger_out AS due"
        "  FROM accounts_daysheet WHERE state = 'SIGNED'"
        " UNION ALL SELECT l.day, l.ledger_closing, (SELECT coalesce(sum(CASE WHEN d.kind = 'BANK_MASTER' THEN x.amount"
        "  ELSE -x.amount END), 0.00) FROM accounts_transfer x JOIN accounts_account d ON d.id = x.debit_id"
        "  JOIN accounts_account c ON c.id = x.credit_id"
        "  WHERE x.value_on <= l.day AND 'BANK_MASTER' IN (d.kind, c.kind))"
        "  FROM (SELECT * FROM accounts_daysheet WHERE state = 'SIGNED' ORDER BY day DESC LIMIT 1) AS l) AS s"
        " WHERE s.due <> s.ledger_closing",
    ),
    Invariant(
        "DAY_SIGNER",
        gettext_lazy("签结日对账的人当日办理过付款"),
        (gettext_lazy("日期"), gettext_lazy("付款参考号")),
        "SELECT n.number, s.day::text, o.reference FROM accounts_daysheet s JOIN (SELECT case_id, reference,"
        "  paid_by_id, sent_at FROM accounts_payout UNION ALL SELECT NULL, reference, paid_by_id, sent_at"
        "  FROM accounts_linerefund) AS o"
        " ON o.paid_by_id = s.signed_by_id AND (o.sent_at AT TIME ZONE 'Asia/Shanghai')::date = s.day"
        " LEFT JOIN named n ON n.id = o.case_id",
    ),
)
BY_CODE = {invariant.code: invariant for invariant in INVARIANTS}


def faults() -> list[Fault]:
    """Return everything that is broken: one statement per invariant, all of one moment.

    Inside somebody's transaction they see what it sees.
    """
    if connection.in_atomic_block:
        return list(_faults())
    with transaction.atomic(), connection.cursor() as cursor:
        # Money on its way between two statements must not look like a break.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return list(_faults())


def _faults() -> Iterator[Fault]:
    with connection.cursor() as cursor:
        for invariant in INVARIANTS:
            # Every statement is a literal of this module.
            cursor.execute(f"{_WITH} {invariant.sql} ORDER BY 1, 2")
            for number, *figures in cursor.fetchall():
                yield Fault(invariant.code, number or "", tuple(map(str, figures)))
