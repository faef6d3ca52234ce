"""The tables that hang on a case of the book, filled from the cases themselves by INSERT … SELECT."""

# node, days from filing, days to its ended day; all ended on closed cases, the later ones still running on open ones.
_ENDED = (
    "('FILING', 0, 0), ('TO_COMMAND', 3, 2), ('TRIAGE', 7, 4), ('NOTICE', 10, 9), ('ASK_CLUES', 4, 3),"
    " ('QUERY_LAUNCH', 9, 8)"
)
_STEPS = "ARRAY['自立案次日起算，至届满日', '届满日为休息日，顺延至其后第一个工作日']"
_BASIS = "'《关于人民法院办理执行案件若干期限的规定》法发〔2006〕35号第1条'"
EVENTS = """
INSERT INTO bureau_event (chain, seq, room, verb, subject, case_number, at, actor_id, details)
SELECT 'case:' || c.id, e.seq, 'cases', e.verb, 'case:' || c.id, c.number, c.filed_at + e.days * interval '1 day',
    coalesce(c.owner_id, c.filed_by_id), '{"after":"' || c.stage || '","note":"已核对","document":"执行通知书"}'
FROM cases_case c CROSS JOIN (VALUES (1, 'register', 0), (2, 'triage', 4), (3, 'allocate', 4), (4, 'start', 5),
    (5, 'hand_over', 9), (6, 'enter_stream', 10), (7, 'note_done', 20)) AS e (seq, verb, days)
WHERE e.days = 0 OR c.stage <> 'FILED'
"""
ENDED_DEADLINES = f"""
INSERT INTO cases_deadline (case_id, node, node_version, subject, basis, event_id, started_on, due_on, steps,
    is_provisional, state, ended_on, closing_event_id, level)
SELECT c.id, n.node, 1, '', {_BASIS}, e.id, c.filed_on, c.filed_on + n.due, {_STEPS}, false, 'FULFILLED',
    c.filed_on + n.done, e.id, 'NONE'
FROM cases_case c JOIN bureau_event e ON e.chain = 'case:' || c.id AND e.seq = 1
CROSS JOIN (VALUES {_ENDED}) AS n (node, due, done)
WHERE NOT (c.stage = 'FILED' AND n.node <> 'FILING')
"""
RUNNING_DEADLINES = f"""
INSERT INTO cases_deadline (case_id, node, node_version, subject, basis, event_id, started_on, due_on, steps,
    is_provisional, state, level, next_alert_on)
SELECT c.id, n.node, 1, '', {_BASIS}, e.id, c.filed_on, c.filed_on + n.due, {_STEPS}, false, 'RUNNING',
    CASE WHEN c.filed_on + n.due <= %(today)s THEN 'RED' WHEN c.filed_on + n.due < %(today)s + 15 THEN 'YELLOW'
         ELSE 'NONE' END,
    CASE WHEN c.filed_on + n.due <= %(today)s THEN NULL ELSE c.filed_on + n.due END
FROM cases_case c JOIN bureau_event e ON e.chain = 'case:' || c.id AND e.seq = 1
CROSS JOIN (VALUES ('CLOSING_LIMIT', 183), ('UPPER_COURT', 183), ('NO_PROPERTY_EARLIEST', 92), ('TRIAGE', 7),
    ('NOTICE', 10)) AS n (node, due)
WHERE c.closed_on IS NULL AND (n.node NOT IN ('TRIAGE', 'NOTICE') OR c.stage = 'FILED')
    AND (n.node <> 'NO_PROPERTY_EARLIEST' OR c.filed_on + 92 > %(today)s)
"""
ENDED_LIMITS = f"""
INSERT INTO cases_deadline (case_id, node, node_version, subject, basis, event_id, started_on, due_on, steps,
    is_provisional, state, ended_on, closing_event_id, level)
SELECT c.id, 'CLOSING_LIMIT', 1, '', {_BASIS}, e.id, c.filed_on, c.closing_due_on, {_STEPS}, false, 'FULFILLED',
    c.closed_on, e.id, 'NONE'
FROM cases_case c JOIN bureau_event e ON e.chain = 'case:' || c.id AND e.seq = 1 WHERE c.closed_on IS NOT NULL
"""
HANDOVERS = """
INSERT INTO cases_handover (case_id, from_team_id, to_team_id, purpose, state, pack, outside, note, handed_by_id,
    handed_at, due_on, defects, answer_note, answered_by_id, answered_at)
SELECT c.id, a.id, c.stream_team_id, 'START', 'ACCEPTED', ARRAY['NOTICE', 'REPORT_ORDER', 'QUERY_LAUNCHED'], '{}', '',
    c.owner_id, c.filed_at + interval '9 days', c.filed_on + 11, '{}', '', c.owner_id, c.filed_at + interval '10 days'
FROM cases_case c JOIN bureau_team a ON a.code = 'AFFAIRS'
WHERE c.stage NOT IN ('FILED', 'ALLOCATED', 'STARTING')
"""
WORK_ORDERS = """
INSERT INTO cases_workorder (case_id, kind, from_team_id, to_team_id, requested_by_id, requested_at, text, department,
    district, due_on, state, taken_by_id, accepted_at, result, result_text, done_by_id, answered_at, return_reason,
    return_count, earlier, closed_by_id, closed_at, withdraw_reason)
SELECT c.id, 'DOCUMENT', c.stream_team_id, a.id, c.owner_id, c.filed_at + interval '15 days', '制作协助执行通知书', '',
    '', c.filed_on + 20, CASE WHEN c.closed_on IS NULL THEN 'REQUESTED' ELSE 'CONFIRMED' END,
    CASE WHEN c.closed_on IS NULL THEN NULL ELSE c.owner_id END,
    CASE WHEN c.closed_on IS NULL THEN NULL ELSE c.filed_at + interval '16 days' END, '',
    CASE WHEN c.closed_on IS NULL THEN '' ELSE '已办' END,
    CASE WHEN c.closed_on IS NULL THEN NULL ELSE c.owner_id END,
    CASE WHEN c.closed_on IS NULL THEN NULL ELSE c.filed_at + interval '17 days' END, '', 0, '',
    CASE WHEN c.closed_on IS NULL THEN NULL ELSE c.judge_id END,
    CASE WHEN c.closed_on IS NULL THEN NULL ELSE c.filed_at + interval '18 days' END, ''
FROM cases_case c JOIN bureau_team a ON a.code = 'AFFAIRS'
WHERE c.id %% 3 = 0 AND c.stage NOT IN ('FILED', 'ALLOCATED', 'STARTING')
"""
CONTACTS = """
INSERT INTO cases_contact (case_id, kind, with_name, text, promised, promised_on, promise, by_id, at)
SELECT c.id, 'CALL', '张某', '询问进展，已告知', CASE WHEN c.id %% 10 = 0 THEN '月底前付清' ELSE '' END,
    CASE WHEN c.id %% 10 = 0 THEN c.filed_on + 60 END, CASE WHEN c.id %% 10 = 0 THEN 'OPEN' ELSE '' END,
    c.owner_id, c.filed_at + n * interval '20 days'
FROM cases_case c CROSS JOIN generate_series(1, 2) AS n
WHERE c.owner_id IS NOT NULL AND c.stage NOT IN ('ALLOCATED', 'STARTING')
"""
HOLDS = """
INSERT INTO cases_hold (case_id, reason, from_on, until_on, by_id, at, end_reason)
SELECT c.id, '等待评估或拍卖结果', %(today)s - 20, %(today)s - 20 + 1 + (c.id %% 60)::int, c.owner_id,
    c.filed_at + interval '30 days', ''
FROM cases_case c WHERE c.id %% 11 = 0 AND c.stage IN ('FAST', 'ORDINARY')
"""
ESCROWS = """
INSERT INTO accounts_account (kind, number, case_id, balance, keeps_balance, opened_at)
SELECT 'ESCROW', 'V' || lpad(c.id::text, 15, '0'), c.id, 0, true, c.filed_at FROM cases_case c
"""
BANK_LINES = """
INSERT INTO accounts_bankline (id, serial, value_on, amount, payer_name, payer_account, payer_account_last4,
    virtual_number, remark, content_sha256, state, entered_at, entered_by_id)
SELECT c.id, 'BOOK-' || c.id, c.filed_on + 40, 1000, '被执行人', '', '', 'V' || lpad(c.id::text, 15, '0'), '',
    repeat('0', 64), 'MATCHED', c.filed_at + interval '40 days', %(finance)s
FROM cases_case c WHERE c.id %% 5 < 2 AND c.filed_on + 40 < %(today)s
"""
RECEIPTS = """
INSERT INTO accounts_receipt (id, case_id, bank_line_id, amount, arrived_on, due_on, due_steps, received_at,
    void_reason)
SELECT b.id, b.id, b.id, b.amount, b.value_on, b.value_on + 15, ARRAY['自到账次日起算 15 日'], b.entered_at, ''
FROM accounts_bankline b WHERE b.serial LIKE 'BOOK-%%'
"""
PAYEES = """
INSERT INTO accounts_payeeaccount (kind, case_id, party_id, document, state, holder_name, number, number_digest,
    number_last4, bank_name, bank_code, entered_at, entered_by_id, confirmed_at, confirmed_by_id, reconfirmed,
    reconfirm_note, ended_note)
SELECT 'APPLICANT', c.id, p.id, '', 'CONFIRMED', p.name, p.phone, repeat('0', 64), '0004', '中国银行乌海分行', '',
    c.filed_at, c.filed_by_id, c.filed_at, %(finance)s, '', '', ''
FROM cases_party p JOIN cases_case c ON c.id = p.case_id WHERE p.side = 'APPLICANT' AND p.position = 1
"""
PAYOUTS = """
INSERT INTO accounts_payout (id, case_id, purpose, payee_id, document, amount, calculation, state, reference,
    requested_by_id, requested_at, checked_by_id, checked_at, approved_by_id, approved_at, paid_by_id, sent_at,
    submitted_at, answered_at, paid_on, ended_note)
SELECT r.id, r.case_id, 'CLAIM', a.id, '', r.amount, '本金', 'PAID', 'BOOK-' || r.id, c.owner_id,
    r.received_at + interval '3 days',
    c.judge_id, r.received_at + interval '4 days', %(chief)s, r.received_at + interval '5 days', %(finance)s,
    r.received_at + interval '6 days', r.received_at + interval '6 days', r.received_at + interval '6 days',
    r.arrived_on + 6, ''
FROM accounts_receipt r JOIN cases_case c ON c.id = r.case_id
JOIN cases_party p ON p.case_id = c.id AND p.side = 'APPLICANT' AND p.position = 1
JOIN accounts_payeeaccount a ON a.party_id = p.id
WHERE c.owner_id IS NOT NULL AND (r.arrived_on + 20 < %(today)s OR r.id %% 2 = 0) AND r.arrived_on + 6 < %(today)s
    AND r.id %% 400 <> 0
"""
PARTS = """
INSERT INTO accounts_payoutpart (payout_id, receipt_id, amount) SELECT id, id, amount FROM accounts_payout
WHERE reference LIKE 'BOOK-%%'
"""
PAID = """
UPDATE accounts_receipt r SET paid_total = r.amount FROM accounts_payoutpart p WHERE p.receipt_id = r.id
"""
STATEMENTS = (
    *(EVENTS, ENDED_DEADLINES, RUNNING_DEADLINES, ENDED_LIMITS, HANDOVERS, WORK_ORDERS, CONTACTS, HOLDS),
    *(ESCROWS, BANK_LINES, RECEIPTS, PAYEES, PAYOUTS, PARTS, PAID),
)
NUMBERED = ("cases_case", "accounts_bankline", "accounts_receipt", "accounts_payout")
