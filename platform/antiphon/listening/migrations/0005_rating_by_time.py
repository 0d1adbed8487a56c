import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("listening", "0004_rehearsal"),
    ]

    operations = [
        migrations.AddIndex(
            "rating",
            django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["created_at"], name="listening_rating_by_time", pages_per_range=32
            ),
        ),
    ]
