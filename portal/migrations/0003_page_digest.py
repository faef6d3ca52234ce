"""What tells the content of a page from any other."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0002_submissions'),
    ]

    operations = [
        migrations.AddField(
            model_name='statuspage',
            name='digest',
            field=models.CharField(blank=True, max_length=32),
        ),
    ]
