"""Index of the list of payouts, newest first."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_distributions'),
        ('bureau', '0003_court_permission'),
        ('cases', '0005_deadlines'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='payout',
            index=models.Index(fields=['requested_at', 'id'], name='payout_requested'),
        ),
    ]
