"""The three columns of days and what differs between them; a statement each however many days. Amounts are yuan."""

import datetime as dt
from typing import Any

from django.db import connection

FIGURES = (
    *("bank_in", "bank_in_count", "bank_out", "bank_out_count", "bank_closing", "has_statement"),
    *("ledger_in", "ledger_in_count", "ledger_out", "ledger_out_count"),
    *("ledger_closing", "escrow_closing", "unidentified_closing", "absent_closing", "transit_closing"),
    *("fees_closing", "bank_balance_id"),
)
# A line entered by hand is the bank's once a file repeats it. What came in with the old book never came by the bank
# on its day of arrival: finance explains it on the day on which the master account took it over.
_SAID = """
    SELECT b.value_on AS day, b.serial, b.amount, (b.statement_id IS NOT NULL OR EXISTS (
        SELECT 1 FROM accounts_statementrepeat r WHERE r.serial = b.serial AND r.kind = 'SAME')) AS is_said
      FROM accounts_bankline b WHERE b.value_on BETWEEN %(first)s AND %(last)s AND NOT EXISTS (
        SELECT 1 FROM accounts_transfer t WHERE t.reference = 'CARRY-' || b.serial)
"""
_MOVED = """
    SELECT greatest(t.value_on, %(first)s::date - 1) AS day, a.kind, side.amount
      FROM accounts_transfer t
     CROSS JOIN LATERAL (VALUES (t.credit_id, t.amount), (t.debit_id, -t.amount)) AS side (account_id, amount)
      JOIN accounts_account a ON a.id = side.account_id
     WHERE t.value_on <= %(last)s
"""
_COLUMNS = """
WITH days AS (
    SELECT generate_series(%(first)s::date - 1, %(last)s::date, interval '1 day')::date AS day
), moved AS (
    SELECT day,
        -sum(amount) FILTER (WHERE kind = 'BANK_MASTER') AS master,
        -sum(amount) FILTER (WHERE kind = 'BANK_MASTER' AND amount < 0) AS came,
        count(*) FILTER (WHERE kind = 'BANK_MASTER' AND amount < 0) AS came_count,
        sum(amount) FILTER (WHERE kind = 'BANK_MASTER' AND amount > 0) AS went,
        count(*) FILTER (WHERE kind = 'BANK_MASTER' AND amount > 0) AS went_count,
        sum(amount) FILTER (WHERE kind = 'ESCROW') AS escrow,
        sum(amount) FILTER (WHERE kind = 'UNIDENTIFIED') AS unidentified,
        sum(amount) FILTER (WHERE kind = 'ABSENT') AS absent,
        sum(amount) FILTER (WHERE kind NOT IN ('BANK_MASTER', 'ESCROW', 'UNIDENTIFIED', 'ABSENT')) AS transit
      FROM (<moved>) AS every GROUP BY day
), credit AS (
    SELECT day, sum(amount) AS total, count(*) AS count FROM (<said>) AS said WHERE is_said GROUP BY day
), debit AS (
    SELECT value_on AS day, sum(amount) AS total, count(*) AS count FROM accounts_statementdebit
     WHERE value_on BETWEEN %(first)s AND %(last)s GROUP BY value_on
)
SELECT d.day, coalesce(c.total, 0.00), coalesce(c.count, 0), coalesce(b.total, 0.00), coalesce(b.count, 0),
    k.amount,
    EXISTS (SELECT 1 FROM accounts_statement s WHERE d.day BETWEEN s.from_on AND s.until_on),
    coalesce(m.came, 0.00), coalesce(m.came_count, 0), coalesce(m.went, 0.00), coalesce(m.went_count, 0),
    coalesce(sum(m.master) OVER before, 0.00), coalesce(sum(m.escrow) OVER before, 0.00),
    coalesce(sum(m.unidentified) OVER before, 0.00), coalesce(sum(m.absent) OVER before, 0.00),
    coalesce(sum(m.transit) OVER before, 0.00),
    (SELECT coalesce(sum(f.amount), 0.00) FROM accounts_statementdebit f WHERE f.state = 'FEE' AND f.value_on <= d.day),
    k.id
  FROM days d LEFT JOIN moved m USING (day) LEFT JOIN credit c USING (day) LEFT JOIN debit b USING (day)
  LEFT JOIN LATERAL (SELECT x.id, x.amount FROM accounts_bankbalance x WHERE x.day = d.day
      ORDER BY x.statement_id IS NULL, x.id DESC LIMIT 1) k ON true
WINDOW before AS (ORDER BY d.day)
 ORDER BY d.day
"""
_FOUND = """
WITH sheets AS (
    SELECT * FROM accounts_daysheet WHERE state = 'OPEN' AND day BETWEEN %(first)s AND %(last)s
), found AS (
    SELECT s.id AS sheet_id, 'NO_STATEMENT' AS kind, '' AS reference, NULL::numeric AS bank,
        s.ledger_in - s.ledger_out AS ledger, NULL::bigint AS payout_id
      FROM sheets s WHERE NOT s.has_statement AND s.ledger_in_count + s.ledger_out_count > 0
    UNION ALL
    SELECT s.id, 'BALANCE', '', s.bank_closing, s.ledger_closing - s.fees_closing, NULL FROM sheets s
     WHERE s.bank_closing <> s.ledger_closing - s.fees_closing
    UNION ALL
    SELECT s.id, 'SUB_BALANCE', '', NULL, s.ledger_closing - s.escrow_closing - s.unidentified_closing
        - s.absent_closing - s.transit_closing, NULL FROM sheets s
     WHERE s.ledger_closing <> s.escrow_closing + s.unidentified_closing + s.absent_closing + s.transit_closing
    UNION ALL
    SELECT s.id, CASE d.state WHEN 'UNMATCHED' THEN 'BANK_ONLY' WHEN 'FEE' THEN 'BANK_FEE'
            WHEN 'REPEATED' THEN 'DOUBLED' WHEN 'OTHER_AMOUNT' THEN 'OTHER_AMOUNT'
            ELSE CASE coalesce(o.state, f.state) WHEN 'BOUNCED' THEN 'RETURNED' ELSE 'NOT_SENT' END END,
        d.serial, d.amount, coalesce(o.amount, f.amount), d.payout_id
      FROM sheets s JOIN accounts_statementdebit d ON d.value_on = s.day AND d.state NOT IN ('CONFIRMED', 'KNOWN')
      LEFT JOIN accounts_payout o ON o.id = d.payout_id LEFT JOIN accounts_linerefund f ON f.id = d.refund_id
    UNION ALL
    SELECT s.id, 'OTHER_DATE', d.serial, d.amount, t.amount, d.payout_id FROM sheets s
      JOIN accounts_statementdebit d ON d.value_on = s.day AND d.state IN ('CONFIRMED', 'KNOWN')
      JOIN accounts_transfer t ON (t.payout_id = d.payout_id OR t.refund_id = d.refund_id) AND t.purpose = 'CONFIRM'
       AND t.value_on <> d.value_on
    UNION ALL
    SELECT s.id, 'OTHER_DATE', b.serial, b.amount, t.amount, NULL FROM sheets s
      JOIN accounts_transfer t ON t.value_on = s.day AND t.purpose IN ('DEPOSIT', 'UNIDENTIFIED')
      JOIN accounts_bankline b ON t.reference = 'IN-' || b.serial AND b.value_on <> t.value_on
    UNION ALL
    SELECT s.id, 'LEDGER_ONLY', b.serial, NULL, b.amount, NULL FROM sheets s JOIN (<said>) AS b ON b.day = s.day
     WHERE s.has_statement AND NOT b.is_said
    UNION ALL
    SELECT s.id, 'LEDGER_ONLY', t.reference, NULL, t.amount, t.payout_id FROM sheets s
      JOIN accounts_transfer t ON t.value_on = s.day AND t.purpose = 'CONFIRM'
     WHERE s.has_statement AND NOT EXISTS (SELECT 1 FROM accounts_statementdebit d WHERE d.payout_id = t.payout_id
       OR d.refund_id = t.refund_id)
    UNION ALL
    SELECT s.id, 'CARRIED', '', NULL, sum(t.amount), NULL FROM sheets s
      JOIN accounts_transfer t ON t.value_on = s.day AND t.purpose = 'CARRY' GROUP BY s.id
    UNION ALL
    SELECT s.id, 'CHANGED', r.serial, r.amount, NULL, NULL FROM sheets s JOIN (
        SELECT DISTINCT ON (serial, day) *, (found_at AT TIME ZONE 'Asia/Shanghai')::date AS day
          FROM accounts_statementrepeat WHERE kind = 'CHANGED' ORDER BY serial, day, id DESC) AS r ON r.day = s.day
), added AS (
    INSERT INTO accounts_daydifference (sheet_id, kind, reference, bank_amount, ledger_amount, payout_id, found_at)
    SELECT DISTINCT ON (sheet_id, kind, reference) f.sheet_id, f.kind, f.reference, f.bank, f.ledger, f.payout_id,
        %(at)s FROM found f
        LEFT JOIN accounts_daydifference x ON x.sheet_id = f.sheet_id AND x.kind = f.kind
          AND x.reference = f.reference AND x.ended_at IS NULL
     WHERE x.id IS NULL OR (x.bank_amount, x.ledger_amount) IS DISTINCT FROM (f.bank, f.ledger)
     ORDER BY sheet_id, kind, reference
    ON CONFLICT (sheet_id, kind, reference) WHERE ended_at IS NULL DO NOTHING
)
UPDATE accounts_daydifference x SET ended_at = %(at)s FROM sheets s
 WHERE x.sheet_id = s.id AND x.ended_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM found f WHERE f.sheet_id = x.sheet_id AND f.kind = x.kind AND f.reference = x.reference
       AND (f.bank, f.ledger) IS NOT DISTINCT FROM (x.bank_amount, x.ledger_amount))
"""


def _whole(statement: str) -> str:
    return statement.replace("<moved>", _MOVED).replace("<said>", _SAID)


def columns(first: dt.date, last: dt.date) -> dict[dt.date, dict[str, Any]]:
    """Return the figures of each day from the first to the last, as the rows stand now."""
    with connection.cursor() as cursor:
        cursor.execute(_whole(_COLUMNS), {"first": first, "last": last})
        rows = cursor.fetchall()
    return {day: dict(zip(FIGURES, said, strict=True)) for day, *said in rows if day >= first}


def compare(first: dt.date, last: dt.date, *, at: dt.datetime) -> None:
    """Let the differences of open days be what the rows say: new ones are added, ended ones keep their row."""
    given: dict[str, Any] = {"first": first, "last": last, "at": at}
    with connection.cursor() as cursor:
        # What ends goes first, so that a difference of another sum can take its place.
        cursor.execute(_whole(_FOUND), given)
        cursor.execute(_whole(_FOUND), given)
