"""A distribution plan holds its claims and arithmetic, reaches each by his own day, and changes only by the judge."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
CREATE TRIGGER plan_delivery_append_only BEFORE UPDATE OR DELETE ON accounts_plandelivery
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER plan_delivery_no_truncate BEFORE TRUNCATE ON accounts_plandelivery
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER plan_delivery_no_truncate ON accounts_plandelivery;
DROP TRIGGER plan_delivery_append_only ON accounts_plandelivery;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_interest_by_two_people'),
        ('cases', '0007_performance_without_amount'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('delivered_on', models.DateField(verbose_name='收到之日')),
                ('objections_due_on', models.DateField(verbose_name='异议期届满日')),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='distribution',
            name='plan_approved_by_another',
        ),
        migrations.AddField(
            model_name='distribution',
            name='debtor',
            field=models.CharField(blank=True, choices=[('person', '自然人或其他组织'), ('enterprise', '企业法人（未进入破产程序）')], max_length=10, verbose_name='被执行人类别'),
        ),
        migrations.AddField(
            model_name='distribution',
            name='paper',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='distribution',
            name='returned_note',
            field=models.CharField(blank=True, max_length=200, verbose_name='退回原因'),
        ),
        migrations.AddField(
            model_name='distribution',
            name='steps',
            field=models.TextField(blank=True, verbose_name='计算过程'),
        ),
        migrations.AddField(
            model_name='distributionshare',
            name='basis',
            field=models.CharField(blank=True, max_length=200, verbose_name='执行依据'),
        ),
        migrations.AddField(
            model_name='distributionshare',
            name='computed',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='系统计算额'),
        ),
        migrations.AddField(
            model_name='distributionshare',
            name='is_secured',
            field=models.BooleanField(default=False, verbose_name='优先债权'),
        ),
        migrations.AddField(
            model_name='distributionshare',
            name='rank',
            field=models.PositiveIntegerField(default=1, verbose_name='顺位'),
        ),
        migrations.AddField(
            model_name='distributionshare',
            name='reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='与计算不一致的理由'),
        ),
        migrations.AddField(
            model_name='planobjection',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='planobjection',
            name='asked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='planobjection',
            name='asked_award',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.distributionshare'),
        ),
        migrations.AddField(
            model_name='planobjection',
            name='asked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='planobjection',
            name='paper',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='planobjection',
            name='refused_note',
            field=models.CharField(blank=True, max_length=200, verbose_name='退回原因'),
        ),
        migrations.AlterField(
            model_name='distribution',
            name='document',
            field=models.CharField(blank=True, max_length=200, verbose_name='分配方案名称和文号'),
        ),
        migrations.AlterField(
            model_name='distribution',
            name='state',
            field=models.CharField(choices=[('PROPOSED', '待法官核准'), ('APPROVED', '已核准，待送达'), ('SERVED', '已送达'), ('WITHDRAWN', '已撤回'), ('RETURNED', '法官退回')], default='PROPOSED', max_length=10, verbose_name='状态'),
        ),
        migrations.AddConstraint(
            model_name='distribution',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['PROPOSED', 'WITHDRAWN']), models.Q(('state', 'RETURNED'), models.Q(('returned_note', ''), _negated=True)), models.Q(('approved_by__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='plan_approved_by_another'),
        ),
        migrations.AddConstraint(
            model_name='distributionshare',
            constraint=models.CheckConstraint(condition=models.Q(('computed', None), ('amount', models.F('computed')), models.Q(('reason', ''), _negated=True), _connector='OR'), name='share_departs_for_a_reason'),
        ),
        migrations.AddField(
            model_name='plandelivery',
            name='distribution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='accounts.distribution'),
        ),
        migrations.AddField(
            model_name='plandelivery',
            name='party',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.party'),
        ),
        migrations.AddField(
            model_name='plandelivery',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='plandelivery',
            name='share',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delivery', to='accounts.distributionshare'),
        ),
        migrations.AddField(
            model_name='planobjection',
            name='delivery',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='accounts.plandelivery'),
        ),
        migrations.AddConstraint(
            model_name='planobjection',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='objection_change_by_two'),
        ),
        migrations.AddConstraint(
            model_name='plandelivery',
            constraint=models.UniqueConstraint(fields=('distribution', 'party'), name='plan_reaches_a_debtor_once'),
        ),
        migrations.AddConstraint(
            model_name='plandelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('party__isnull', False), ('share', None)), models.Q(('party', None), ('share__isnull', False)), _connector='OR'), name='plan_delivery_to_one'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
