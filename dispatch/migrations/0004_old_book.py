"""Cases of the old book move over by two people; until then the database takes no verdict and no assignment of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
CREATE FUNCTION dispatch_refuse_old_book() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT executing_unit FROM cases_case WHERE id = NEW.case_id) <> 'BUREAU' THEN
        RAISE EXCEPTION 'a case of the old book is neither triaged nor drawn'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER verdict_not_of_old_book BEFORE INSERT ON dispatch_verdict
    FOR EACH ROW EXECUTE FUNCTION dispatch_refuse_old_book();
CREATE TRIGGER assignment_not_of_old_book BEFORE INSERT ON dispatch_assignment
    FOR EACH ROW EXECUTE FUNCTION dispatch_refuse_old_book();
"""
UNDO = """
DROP TRIGGER assignment_not_of_old_book ON dispatch_assignment;
DROP TRIGGER verdict_not_of_old_book ON dispatch_verdict;
DROP FUNCTION dispatch_refuse_old_book();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_network_query'),
        ('dispatch', '0003_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='UnitMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('state', models.CharField(choices=[('WAITING', '待批准'), ('APPROVED', '已批准'), ('REFUSED', '未批准'), ('WITHDRAWN', '已撤回')], default='WAITING', max_length=10, verbose_name='状态')),
                ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='决定时间')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='意见')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unit_moves', to='cases.case')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'WAITING')), fields=('case',), name='one_waiting_move_per_case'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='move_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['APPROVED', 'REFUSED']), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='move_decided_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'REFUSED'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='move_refused_with_a_reason')],
            },
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
