"""Distribution plans, their shares and the objections to them; a share never changes, nor whose payout is whose."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DOORS = """
CREATE TRIGGER share_append_only BEFORE UPDATE OR DELETE ON accounts_distributionshare
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER share_no_truncate BEFORE TRUNCATE ON accounts_distributionshare
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE OR REPLACE FUNCTION accounts_payout_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'a payout stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.case_id, NEW.purpose, NEW.payee_id, NEW.target_id, NEW.absent_id, NEW.share_id, NEW.releases_id, NEW.amount,
        NEW.calculation, NEW.document, NEW.reference, NEW.requested_by_id, NEW.requested_at)
       IS DISTINCT FROM
       (OLD.case_id, OLD.purpose, OLD.payee_id, OLD.target_id, OLD.absent_id, OLD.share_id, OLD.releases_id, OLD.amount,
        OLD.calculation, OLD.document, OLD.reference, OLD.requested_by_id, OLD.requested_at)
       OR (OLD.checked_by_id IS NOT NULL AND NEW.checked_by_id IS DISTINCT FROM OLD.checked_by_id)
       OR (OLD.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id)
       OR (OLD.paid_by_id IS NOT NULL AND NEW.paid_by_id IS DISTINCT FROM OLD.paid_by_id) THEN
        RAISE EXCEPTION 'what was asked for and signed never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> OLD.state THEN
        IF NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
            'REQUESTED>CHECKED', 'REQUESTED>REJECTED', 'CHECKED>APPROVED', 'CHECKED>REJECTED', 'APPROVED>SENT',
            'APPROVED>PAID', 'APPROVED>REJECTED', 'SENT>PAID', 'SENT>BOUNCED', 'PAID>REVERSED'])
           OR (OLD.state = 'APPROVED' AND NEW.state = 'PAID' AND NEW.purpose NOT IN ('MOVE', 'ABSENT')) THEN
            RAISE EXCEPTION 'no such step of a payout: % to %', OLD.state, NEW.state
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state IN ('CHECKED', 'APPROVED', 'SENT') AND NEW.payee_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM accounts_payeeaccount a
             WHERE a.id = NEW.payee_id AND a.state = 'CONFIRMED' AND a.replaced_at IS NULL AND a.case_id = NEW.case_id
        ) THEN
            RAISE EXCEPTION 'money goes to a confirmed account of its case alone'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""
UNDO = """
DROP TRIGGER share_no_truncate ON accounts_distributionshare;
DROP TRIGGER share_append_only ON accounts_distributionshare;
CREATE OR REPLACE FUNCTION accounts_payout_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'a payout stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.case_id, NEW.purpose, NEW.payee_id, NEW.target_id, NEW.absent_id, NEW.releases_id, NEW.amount,
        NEW.calculation, NEW.document, NEW.reference, NEW.requested_by_id, NEW.requested_at)
       IS DISTINCT FROM
       (OLD.case_id, OLD.purpose, OLD.payee_id, OLD.target_id, OLD.absent_id, OLD.releases_id, OLD.amount,
        OLD.calculation, OLD.document, OLD.reference, OLD.requested_by_id, OLD.requested_at)
       OR (OLD.checked_by_id IS NOT NULL AND NEW.checked_by_id IS DISTINCT FROM OLD.checked_by_id)
       OR (OLD.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id)
       OR (OLD.paid_by_id IS NOT NULL AND NEW.paid_by_id IS DISTINCT FROM OLD.paid_by_id) THEN
        RAISE EXCEPTION 'what was asked for and signed never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> OLD.state THEN
        IF NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
            'REQUESTED>CHECKED', 'REQUESTED>REJECTED', 'CHECKED>APPROVED', 'CHECKED>REJECTED', 'APPROVED>SENT',
            'APPROVED>PAID', 'APPROVED>REJECTED', 'SENT>PAID', 'SENT>BOUNCED', 'PAID>REVERSED'])
           OR (OLD.state = 'APPROVED' AND NEW.state = 'PAID' AND NEW.purpose NOT IN ('MOVE', 'ABSENT')) THEN
            RAISE EXCEPTION 'no such step of a payout: % to %', OLD.state, NEW.state
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state IN ('CHECKED', 'APPROVED', 'SENT') AND NEW.payee_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM accounts_payeeaccount a
             WHERE a.id = NEW.payee_id AND a.state = 'CONFIRMED' AND a.replaced_at IS NULL AND a.case_id = NEW.case_id
        ) THEN
            RAISE EXCEPTION 'money goes to a confirmed account of its case alone'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [
        ('accounts', '0009_separation'),
        ('bureau', '0003_court_permission'),
        ('cases', '0006_related_cases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Distribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.CharField(max_length=200, verbose_name='分配方案名称和文号')),
                ('pool', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='可分配金额')),
                ('state', models.CharField(choices=[('PROPOSED', '待法官核准'), ('APPROVED', '已核准，待送达'), ('SERVED', '已送达'), ('WITHDRAWN', '已撤回')], default='PROPOSED', max_length=10, verbose_name='状态')),
                ('proposed_at', models.DateTimeField(verbose_name='提出时间')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='核准时间')),
                ('served_on', models.DateField(blank=True, null=True, verbose_name='最后送达日')),
                ('objections_due_on', models.DateField(blank=True, null=True, verbose_name='异议期届满日')),
            ],
        ),
        migrations.CreateModel(
            name='DistributionShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('creditor', models.CharField(max_length=100, verbose_name='债权人')),
                ('claimed', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='债权额')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='分配额')),
            ],
        ),
        migrations.CreateModel(
            name='PlanObjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_name', models.CharField(max_length=100, verbose_name='异议人')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='争议金额')),
                ('received_on', models.DateField(verbose_name='收到异议日')),
                ('notified_on', models.DateField(blank=True, null=True, verbose_name='通知其他债权人日')),
                ('countered_on', models.DateField(blank=True, null=True, verbose_name='提出反对意见日')),
                ('counter_notified_on', models.DateField(blank=True, null=True, verbose_name='通知异议人日')),
                ('suit_on', models.DateField(blank=True, null=True, verbose_name='提起诉讼日')),
                ('result', models.CharField(blank=True, choices=[('', '未结束'), ('KEPT', '按原方案分配'), ('CHANGED', '改由他人受偿')], default='', max_length=8, verbose_name='结果')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='结束日')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='结束依据')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='payout',
            name='payout_goes_where_its_purpose_says',
        ),
        migrations.AddField(
            model_name='distribution',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='distribution',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='distributions', to='cases.case'),
        ),
        migrations.AddField(
            model_name='distribution',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='distributionshare',
            name='distribution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='accounts.distribution'),
        ),
        migrations.AddField(
            model_name='distributionshare',
            name='party',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='cases.party'),
        ),
        migrations.AddField(
            model_name='distributionshare',
            name='payee',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='accounts.payeeaccount'),
        ),
        migrations.AddField(
            model_name='distributionshare',
            name='target',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shares_in', to='cases.case'),
        ),
        migrations.AddField(
            model_name='payout',
            name='share',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='accounts.distributionshare'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('absent', None), ('payee__isnull', True), ('purpose', 'MOVE'), ('releases', None), ('target__isnull', False), models.Q(('target', models.F('case')), _negated=True), models.Q(('document', ''), _negated=True)), models.Q(('payee__isnull', True), ('purpose', 'ABSENT'), ('releases', None), ('target', None), models.Q(('absent__isnull', False), ('share__isnull', False), _connector='OR'), models.Q(('document', ''), _negated=True)), models.Q(('absent', None), ('payee__isnull', False), ('purpose', 'RELEASE'), ('releases__isnull', False), ('target', None)), models.Q(('absent', None), ('payee__isnull', False), ('purpose__in', ['CLAIM', 'COURT', 'FEE', 'COST', 'REFUND']), ('releases', None), ('target', None)), _connector='OR'), name='payout_goes_where_its_purpose_says'),
        ),
        migrations.AddField(
            model_name='planobjection',
            name='awarded_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='accounts.distributionshare', verbose_name='改由谁受偿'),
        ),
        migrations.AddField(
            model_name='planobjection',
            name='share',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='accounts.distributionshare'),
        ),
        migrations.AddConstraint(
            model_name='distribution',
            constraint=models.CheckConstraint(condition=models.Q(('pool__gt', 0)), name='distribution_pool_positive'),
        ),
        migrations.AddConstraint(
            model_name='distribution',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['PROPOSED', 'APPROVED'])), fields=('case',), name='one_open_plan_per_case'),
        ),
        migrations.AddConstraint(
            model_name='distribution',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['PROPOSED', 'WITHDRAWN']), models.Q(('approved_by__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='plan_approved_by_another'),
        ),
        migrations.AddConstraint(
            model_name='distribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'SERVED'), _negated=True), models.Q(('objections_due_on__isnull', False), ('served_on__isnull', False)), _connector='OR'), name='served_plan_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='distributionshare',
            constraint=models.UniqueConstraint(fields=('distribution', 'position'), name='share_position_unique'),
        ),
        migrations.AddConstraint(
            model_name='distributionshare',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('amount__lte', models.F('claimed'))), name='share_within_claim'),
        ),
        migrations.AddConstraint(
            model_name='distributionshare',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('party__isnull', False), ('payee', None), ('target', None)), models.Q(('party', None), ('payee', None), ('target__isnull', False)), models.Q(('party', None), ('payee__isnull', False), ('target', None)), _connector='OR'), name='share_goes_one_way'),
        ),
        migrations.AddConstraint(
            model_name='planobjection',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='objection_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='planobjection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('awarded_to', None), ('ended_on', None), ('result', '')), models.Q(('awarded_to', None), ('ended_on__isnull', False), ('result', 'KEPT'), models.Q(('document', ''), _negated=True)), models.Q(('awarded_to__isnull', False), ('ended_on__isnull', False), ('result', 'CHANGED'), models.Q(('document', ''), _negated=True)), _connector='OR'), name='objection_ends_by_a_paper'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
