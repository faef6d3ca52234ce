"""Days of the account of the house: three columns, differences, signatures, and no entry on a closed day."""

import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


DOORS = """
CREATE FUNCTION accounts_day_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    from_at timestamptz; until_at timestamptz;
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a day stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.state = 'SIGNED' OR NEW.day <> OLD.day) THEN
        RAISE EXCEPTION 'a signed day stays what was signed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'SIGNED' THEN
        from_at := NEW.day::timestamp AT TIME ZONE 'Asia/Shanghai';
        until_at := (NEW.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai';
        IF EXISTS (SELECT 1 FROM accounts_payout o WHERE
                (o.paid_by_id = NEW.signed_by_id AND o.sent_at >= from_at AND o.sent_at < until_at)
                OR (o.reversed_by_id = NEW.signed_by_id AND o.reversed_at >= from_at AND o.reversed_at < until_at))
           OR EXISTS (SELECT 1 FROM accounts_batch b
                WHERE b.paid_by_id = NEW.signed_by_id AND b.paid_at >= from_at AND b.paid_at < until_at) THEN
            RAISE EXCEPTION 'who paid on a day does not sign it' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER day_door BEFORE INSERT OR UPDATE OR DELETE ON accounts_daysheet
    FOR EACH ROW EXECUTE FUNCTION accounts_day_door();
CREATE TRIGGER day_no_truncate BEFORE TRUNCATE ON accounts_daysheet
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_day_door();
-- A closed day takes no entry; whoever signs holds the same lock alone, so none is on its way meanwhile.
CREATE FUNCTION accounts_closed_days() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('wuhai_exec days'));
    IF (SELECT min(value_on) FROM added) <= (
        SELECT day FROM accounts_daysheet WHERE state = 'SIGNED' ORDER BY day DESC LIMIT 1) THEN
        RAISE EXCEPTION 'the day of this entry is closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER transfers_closed_days AFTER INSERT ON accounts_transfer
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION accounts_closed_days();
CREATE FUNCTION accounts_difference_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a difference stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM accounts_daysheet s WHERE s.id = NEW.sheet_id AND s.state = 'SIGNED')
       OR (TG_OP = 'UPDATE' AND (OLD.ended_at IS NOT NULL OR
        (NEW.sheet_id, NEW.kind, NEW.reference, NEW.bank_amount, NEW.ledger_amount, NEW.payout_id, NEW.found_at)
        IS DISTINCT FROM
        (OLD.sheet_id, OLD.kind, OLD.reference, OLD.bank_amount, OLD.ledger_amount, OLD.payout_id, OLD.found_at))) THEN
        RAISE EXCEPTION 'a difference only ends, and only while its day is open'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER difference_door BEFORE INSERT OR UPDATE OR DELETE ON accounts_daydifference
    FOR EACH ROW EXECUTE FUNCTION accounts_difference_door();
CREATE TRIGGER difference_no_truncate BEFORE TRUNCATE ON accounts_daydifference
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_difference_door();
CREATE TRIGGER difference_note_append_only BEFORE UPDATE OR DELETE ON accounts_differencenote
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER difference_note_no_truncate BEFORE TRUNCATE ON accounts_differencenote
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER repeat_append_only BEFORE UPDATE OR DELETE ON accounts_statementrepeat
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER repeat_no_truncate BEFORE TRUNCATE ON accounts_statementrepeat
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER repeat_no_truncate ON accounts_statementrepeat;
DROP TRIGGER repeat_append_only ON accounts_statementrepeat;
DROP TRIGGER difference_note_no_truncate ON accounts_differencenote;
DROP TRIGGER difference_note_append_only ON accounts_differencenote;
DROP TRIGGER difference_no_truncate ON accounts_daydifference;
DROP TRIGGER difference_door ON accounts_daydifference;
DROP TRIGGER transfers_closed_days ON accounts_transfer;
DROP TRIGGER day_no_truncate ON accounts_daysheet;
DROP TRIGGER day_door ON accounts_daysheet;
DROP FUNCTION accounts_difference_door();
DROP FUNCTION accounts_closed_days();
DROP FUNCTION accounts_day_door();
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [
        ('accounts', '0003_claims'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DaySheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='日期')),
                ('state', models.CharField(choices=[('OPEN', '待签'), ('SIGNED', '已签结')], default='OPEN', max_length=6, verbose_name='状态')),
                ('has_statement', models.BooleanField(default=False, verbose_name='有银行对账单')),
                ('bank_in', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=16, verbose_name='银行收入')),
                ('bank_in_count', models.PositiveIntegerField(default=0, verbose_name='银行收入笔数')),
                ('bank_out', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=16, verbose_name='银行支出')),
                ('bank_out_count', models.PositiveIntegerField(default=0, verbose_name='银行支出笔数')),
                ('bank_closing', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='银行余额')),
                ('ledger_in', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=16, verbose_name='账面收入')),
                ('ledger_in_count', models.PositiveIntegerField(default=0, verbose_name='账面收入笔数')),
                ('ledger_out', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=16, verbose_name='账面支出')),
                ('ledger_out_count', models.PositiveIntegerField(default=0, verbose_name='账面支出笔数')),
                ('ledger_closing', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=16, verbose_name='账面余额')),
                ('escrow_closing', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=16, verbose_name='各案子账户余额')),
                ('unidentified_closing', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=16, verbose_name='不明案款余额')),
                ('absent_closing', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=16, verbose_name='提存款余额')),
                ('transit_closing', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=16, verbose_name='在途款余额')),
                ('made_at', models.DateTimeField(verbose_name='制表时间')),
                ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='签结时间')),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('sign_day', '签结日对账'), ('explain_difference', '说明对账差异')],
            },
        ),
        migrations.CreateModel(
            name='DayDifference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('NO_STATEMENT', '当日没有银行对账单'), ('BANK_ONLY', '银行有、账上无'), ('LEDGER_ONLY', '账上有、银行无'), ('BANK_FEE', '银行收费或利息'), ('OTHER_AMOUNT', '金额不符'), ('OTHER_DATE', '日期不符'), ('DOUBLED', '同一付款重复扣款'), ('RETURNED', '退票'), ('NOT_SENT', '付款不在银行处理中'), ('CHANGED', '流水号已用，内容不同'), ('BALANCE', '银行余额与账面余额不符'), ('SUB_BALANCE', '账面余额与各子账户合计不符')], max_length=12, verbose_name='类别')),
                ('reference', models.CharField(blank=True, max_length=90, verbose_name='银行流水号或参考号')),
                ('bank_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='银行金额')),
                ('ledger_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='账面金额')),
                ('found_at', models.DateTimeField(verbose_name='发现时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='消除时间')),
                ('payout', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.payout')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='accounts.daysheet')),
            ],
        ),
        migrations.CreateModel(
            name='DifferenceNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(max_length=500, verbose_name='说明')),
                ('noted_at', models.DateTimeField(verbose_name='说明时间')),
                ('difference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='accounts.daydifference')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='StatementRepeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=200, verbose_name='文件名')),
                ('file_sha256', models.CharField(max_length=64)),
                ('serial', models.CharField(max_length=40, verbose_name='银行流水号')),
                ('kind', models.CharField(choices=[('SAME', '重复，内容相同，未再入账'), ('CHANGED', '流水号已用，内容不同，文件未入账')], max_length=8, verbose_name='状态')),
                ('value_on', models.DateField(verbose_name='记账日')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='金额')),
                ('found_at', models.DateTimeField(verbose_name='发现时间')),
                ('found_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('statement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repeats', to='accounts.statement')),
            ],
        ),
        migrations.AddIndex(
            model_name='daysheet',
            index=models.Index(condition=models.Q(('state', 'SIGNED')), fields=['-day'], name='day_sheet_signed'),
        ),
        migrations.AddConstraint(
            model_name='daysheet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('signed_at__isnull', True), ('signed_by__isnull', True), ('state', 'OPEN')), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False), ('state', 'SIGNED')), _connector='OR'), name='day_sheet_signed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='daydifference',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('sheet', 'kind', 'reference'), name='one_live_difference'),
        ),
        migrations.AddConstraint(
            model_name='differencenote',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='difference_note_says_something'),
        ),
        migrations.AddIndex(
            model_name='statementrepeat',
            index=models.Index(fields=['serial'], name='repeat_of_serial'),
        ),
        migrations.AddIndex(
            model_name='statementrepeat',
            index=models.Index(models.OrderBy(models.F('found_at'), descending=True), name='repeat_newest'),
        ),
        migrations.AddConstraint(
            model_name='statementrepeat',
            constraint=models.UniqueConstraint(fields=('file_sha256', 'serial'), name='one_repeat_per_line_of_a_file'),
        ),
        migrations.AddConstraint(
            model_name='statementrepeat',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'SAME'), ('statement__isnull', False)), models.Q(('kind', 'CHANGED'), ('statement__isnull', True)), _connector='OR'), name='repeat_of_its_statement'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
