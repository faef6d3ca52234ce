"""When an approval that nobody gave climbed to the authorised deputy."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [
        ('accounts', '0007_books_check'),
    ]

    operations = [
        migrations.AddField(
            model_name='payout',
            name='climbed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='提请代签时间'),
        ),
    ]
