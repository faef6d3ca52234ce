"""What one line of money in writes, in one call whose plans are kept: line, transfer, receipt and event."""

from django.db import migrations

ARRIVE = """
-- Nothing where the serial is there already. The closed days are read after the lock by which days are closed, so a day
-- signed meanwhile is seen; every trigger of the tables does here what it does elsewhere.
CREATE FUNCTION accounts_arrive(
    in_serial text, in_value_on date, in_amount numeric, in_payer text, in_account text, in_last4 text, in_number text,
    in_remark text, in_sha256 text, in_escrow bigint, in_case bigint, in_case_number text, in_due_on date,
    in_due_steps text[], in_verb text, in_details text, in_at timestamptz, in_actor bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    line bigint;
    receipt bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('wuhai_exec days'));
    INSERT INTO accounts_bankline (serial, value_on, amount, payer_name, payer_account, payer_account_last4,
        virtual_number, remark, content_sha256, state, entered_at, entered_by_id)
    VALUES (in_serial, in_value_on, in_amount, in_payer, in_account, in_last4, in_number, in_remark, in_sha256,
        CASE WHEN in_case IS NULL THEN 'UNIDENTIFIED' ELSE 'MATCHED' END, in_at, in_actor)
    ON CONFLICT (serial) DO NOTHING RETURNING id INTO line;
    IF line IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO accounts_transfer (debit_id, credit_id, amount, purpose, reference, value_on, at, actor_id)
    VALUES ((SELECT id FROM accounts_account WHERE kind = 'BANK_MASTER'),
        coalesce(in_escrow, (SELECT id FROM accounts_account WHERE kind = 'UNIDENTIFIED')), in_amount,
        CASE WHEN in_case IS NULL THEN 'UNIDENTIFIED' ELSE 'DEPOSIT' END, 'IN-' || in_serial,
        greatest(in_value_on, (SELECT day + 1 FROM accounts_daysheet WHERE state = 'SIGNED' ORDER BY day DESC LIMIT 1)),
        in_at, in_actor);
    IF in_case IS NOT NULL THEN
        INSERT INTO accounts_receipt (case_id, bank_line_id, amount, arrived_on, due_on, due_steps, received_at,
            void_reason)
        VALUES (in_case, line, in_amount, in_value_on, in_due_on, in_due_steps, in_at, '') RETURNING id INTO receipt;
    END IF;
    INSERT INTO bureau_event (chain, room, verb, subject, case_number, at, actor_id, details)
    VALUES (coalesce('case:' || in_case, 'room:accounts'), 'accounts', in_verb,
        coalesce('receipt:' || receipt, 'bankline:' || line), in_case_number, in_at, in_actor, in_details);
    RETURN line;
END $$;
"""


class Migration(migrations.Migration):
    """Runs as the owner; whoever calls it needs the rights on the tables."""

    dependencies = [("accounts", "0010_signatories"), ("bureau", "0002_record_and_roles")]
    operations = [
        migrations.RunSQL(
            ARRIVE,
            "DROP FUNCTION accounts_arrive(text, date, numeric, text, text, text, text, text, text, bigint, bigint, text,"
            " date, text[], text, text, timestamptz, bigint)",
        )
    ]
