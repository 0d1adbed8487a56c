import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("populations", "0005_breeding_as_a_value")]

    operations = [
        migrations.AddField(
            model_name="population",
            name="births",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)]
            ),
        ),
        migrations.AddField(
            model_name="generation",
            name="told",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="individual",
            name="nats",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="individual",
            name="island",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="individual",
            name="on_islands",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.CreateModel(
            name="CandidateLikelihoods",
            fields=[
                (
                    "generation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="candidate_likelihoods",
                        serialize=False,
                        to="populations.generation",
                    ),
                ),
                ("genomes", models.JSONField()),
                ("values", models.JSONField(blank=True, null=True)),
                ("job_id", models.BigIntegerField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]
