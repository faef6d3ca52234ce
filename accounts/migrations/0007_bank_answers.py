"""Payments that the bank leaves unanswered have a name, and what it said besides is kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
-- What the bank said never changes; what it turned out to be is said once, by somebody who did not pay it.
CREATE FUNCTION accounts_bank_answer_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'an answer of the bank stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.payout_id, NEW.reference, NEW.serial, NEW.kind, NEW.said, NEW.value_on, NEW.reason, NEW.received_at)
       IS DISTINCT FROM
       (OLD.payout_id, OLD.reference, OLD.serial, OLD.kind, OLD.said, OLD.value_on, OLD.reason, OLD.received_at)
       OR (OLD.settled_at IS NOT NULL AND (NEW.settled_at, NEW.settled_by_id, NEW.settled_note) IS DISTINCT FROM
           (OLD.settled_at, OLD.settled_by_id, OLD.settled_note)) THEN
        RAISE EXCEPTION 'an answer of the bank stays what it was' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.settled_by_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM accounts_payout o WHERE o.id = NEW.payout_id AND o.paid_by_id = NEW.settled_by_id) THEN
        RAISE EXCEPTION 'who paid it does not clear it up' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_answer_door BEFORE UPDATE OR DELETE ON accounts_bankanswer
    FOR EACH ROW EXECUTE FUNCTION accounts_bank_answer_door();
CREATE TRIGGER bank_answer_no_truncate BEFORE TRUNCATE ON accounts_bankanswer
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_bank_answer_door();
"""
UNDO = """
DROP TRIGGER bank_answer_no_truncate ON accounts_bankanswer;
DROP TRIGGER bank_answer_door ON accounts_bankanswer;
DROP FUNCTION accounts_bank_answer_door();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_payment_files'),
        ('bureau', '0002_record_and_roles'),
        ('cases', '0003_claim_base'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BankAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=80, verbose_name='付款参考号')),
                ('serial', models.CharField(max_length=80, unique=True, verbose_name='银行报文号')),
                ('kind', models.CharField(choices=[('REPEATED', '重复答复'), ('CONTRADICTS', '前后矛盾'), ('STRANGE', '非本院付款')], max_length=11, verbose_name='性质')),
                ('said', models.CharField(choices=[('PAID', '银行已付'), ('BOUNCED', '银行退回')], max_length=8, verbose_name='银行答复')),
                ('value_on', models.DateField(blank=True, null=True, verbose_name='记账日')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='退回原因')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='查明时间')),
                ('settled_note', models.CharField(blank=True, max_length=200, verbose_name='查明结果')),
            ],
        ),
        migrations.AddField(
            model_name='payout',
            name='resent_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='重新提交银行时间'),
        ),
        migrations.AddField(
            model_name='payout',
            name='unanswered',
            field=models.CharField(blank=True, choices=[('DELAYED', '银行延迟答复'), ('NO_ANSWER', '银行逾时未答复')], db_default='', default='', max_length=10, verbose_name='未得答复'),
        ),
        migrations.AddField(
            model_name='payout',
            name='unanswered_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='未得答复自'),
        ),
        migrations.AddIndex(
            model_name='payout',
            index=models.Index(condition=models.Q(('unanswered', ''), _negated=True), fields=['unanswered_at'], name='payout_unanswered'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('unanswered', ''), ('unanswered_at__isnull', True)), models.Q(('state', 'SENT'), ('submitted_at__isnull', False), ('unanswered__in', ['DELAYED', 'NO_ANSWER']), ('unanswered_at__isnull', False)), _connector='OR'), name='payout_unanswered_while_sent'),
        ),
        migrations.AddField(
            model_name='bankanswer',
            name='payout',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_answers', to='accounts.payout'),
        ),
        migrations.AddField(
            model_name='bankanswer',
            name='settled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='bankanswer',
            index=models.Index(condition=models.Q(('settled_at__isnull', True), models.Q(('kind', 'REPEATED'), _negated=True)), fields=['received_at'], name='bank_answer_open'),
        ),
        migrations.AddConstraint(
            model_name='bankanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'STRANGE'), ('payout__isnull', True)), models.Q(('kind__in', ['REPEATED', 'CONTRADICTS']), ('payout__isnull', False)), _connector='OR'), name='bank_answer_names_its_payout'),
        ),
        migrations.AddConstraint(
            model_name='bankanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_by__isnull', True), ('settled_note', '')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('settled_note', ''), _negated=True), models.Q(('kind', 'REPEATED'), _negated=True)), _connector='OR'), name='bank_answer_settled_with_note'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
