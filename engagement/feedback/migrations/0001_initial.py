import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="QuestionSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(help_text="Permanent, such as evidence.", max_length=40, unique=True)),
                ("title", models.CharField(max_length=160)),
                ("intro", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "ref",
                    models.CharField(help_text="Such as PQ3a.", max_length=8, unique=True, verbose_name="reference"),
                ),
                ("text", models.CharField(max_length=300)),
                (
                    "is_part",
                    models.BooleanField(
                        default=False, help_text="Such as PQ3a under PQ3.", verbose_name="part of the question above"
                    ),
                ),
                (
                    "question_set",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="feedback.questionset"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
    ]
