"""Files of payment orders: each payment in one, each counting what stands in it."""

import bureau.crypto
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
CREATE TRIGGER payment_file_append_only BEFORE UPDATE OR DELETE ON accounts_paymentfile
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER payment_file_no_truncate BEFORE TRUNCATE ON accounts_paymentfile
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER payment_file_row_append_only BEFORE UPDATE OR DELETE ON accounts_paymentfilerow
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER payment_file_row_no_truncate BEFORE TRUNCATE ON accounts_paymentfilerow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
-- A file counts what stands in it: payments that were with the bank when it was made, of its batch or of none.
CREATE FUNCTION accounts_payment_file_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF ((NEW.row_count, NEW.total) = (SELECT count(*), sum(o.amount) FROM accounts_paymentfilerow r
          JOIN accounts_payout o ON o.id = r.payout_id LEFT JOIN accounts_batchrow b ON b.id = o.batch_row_id
         WHERE r.file_id = NEW.id AND o.payee_id IS NOT NULL AND o.submitted_at IS NOT NULL
           AND o.state NOT IN ('REQUESTED', 'CHECKED', 'APPROVED', 'REJECTED')
           AND b.batch_id IS NOT DISTINCT FROM NEW.batch_id)) IS NOT TRUE
       OR (SELECT count(*) FROM accounts_paymentfilerow WHERE file_id = NEW.id) <> NEW.row_count THEN
        RAISE EXCEPTION 'the payments of a file are what it counts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payment_file_whole AFTER INSERT ON accounts_paymentfile DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION accounts_payment_file_whole();
CREATE FUNCTION accounts_payment_file_rows_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM accounts_paymentfile f WHERE f.id IN (SELECT file_id FROM added)
                AND (SELECT count(*) FROM accounts_paymentfilerow r WHERE r.file_id = f.id) > f.row_count) THEN
        RAISE EXCEPTION 'a payment file is written once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_file_rows_door AFTER INSERT ON accounts_paymentfilerow
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION accounts_payment_file_rows_door();
"""
UNDO = """
DROP TRIGGER payment_file_rows_door ON accounts_paymentfilerow;
DROP TRIGGER payment_file_whole ON accounts_paymentfile;
DROP TRIGGER payment_file_row_no_truncate ON accounts_paymentfilerow;
DROP TRIGGER payment_file_row_append_only ON accounts_paymentfilerow;
DROP TRIGGER payment_file_no_truncate ON accounts_paymentfile;
DROP TRIGGER payment_file_append_only ON accounts_paymentfile;
DROP FUNCTION accounts_payment_file_rows_door();
DROP FUNCTION accounts_payment_file_whole();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_iso_statements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='payout',
            name='reference',
            field=models.CharField(max_length=35, unique=True, verbose_name='付款参考号'),
        ),
        migrations.CreateModel(
            name='PaymentFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(max_length=35, unique=True, verbose_name='报文标识')),
                ('execute_on', models.DateField(verbose_name='要求付款日')),
                ('row_count', models.PositiveIntegerField(verbose_name='笔数')),
                ('total', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='合计')),
                ('content', bureau.crypto.EncryptedField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('made_at', models.DateTimeField(verbose_name='生成时间')),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payment_files', to='accounts.batch', verbose_name='批次')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='生成人')),
            ],
        ),
        migrations.CreateModel(
            name='PaymentFileRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='accounts.paymentfile')),
                ('payout', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file_row', to='accounts.payout')),
            ],
        ),
        migrations.AddIndex(
            model_name='paymentfile',
            index=models.Index(fields=['-made_at', '-id'], name='payment_file_newest'),
        ),
        migrations.AddConstraint(
            model_name='paymentfile',
            constraint=models.CheckConstraint(condition=models.Q(('row_count__gt', 0), ('total__gt', 0)), name='payment_file_pays_somebody'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
