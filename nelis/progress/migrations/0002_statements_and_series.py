import django.db.models.deletion
import modelcluster.fields
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0003_series_with_vintages"),
        ("progress", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="targetpage",
            name="certainty",
            field=models.CharField(
                blank=True,
                help_text="Beyond what follows from margins and ranges of dates.",
                max_length=300,
                verbose_name="how sure that is",
            ),
        ),
        migrations.AddField(
            model_name="targetpage",
            name="not_known",
            field=wagtail.fields.RichTextField(blank=True, verbose_name="what is not known"),
        ),
        migrations.AddField(
            model_name="targetpage",
            name="series",
            field=models.ForeignKey(
                blank=True,
                help_text="What is measured, for the area itself. The series where it is compared with is found by itself: that of the same indicator and treatment.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="targets",
                to="evidence.series",
            ),
        ),
        migrations.AddField(
            model_name="targetpage",
            name="verdict",
            field=models.CharField(
                blank=True,
                help_text="In a sentence, how it ended or stands. Leave empty: it is then worked out from the figures.",
                max_length=300,
            ),
        ),
        migrations.AlterField(
            model_name="targetpage",
            name="latest",
            field=models.ForeignKey(
                blank=True,
                help_text="A figure on how far it has come. Leave empty if none is held.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.statistic",
            ),
        ),
        migrations.CreateModel(
            name="TargetStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("gain", "Added since the start"),
                            ("share_of_target", "Per cent of what is wanted"),
                            ("part", "Part of what was added, and all that was added"),
                            ("share", "Per cent of what was added"),
                            ("gap_gone", "Per cent of the gap that has gone; less than 0 where it widened"),
                            ("levels", "Level here, and level where it is compared with"),
                            ("gap", "Size of the gap"),
                            ("widened", "The gap widened; no number given"),
                            ("start", "Level or gap at the start"),
                            ("definition", "What a word means; no number"),
                        ],
                        max_length=20,
                        verbose_name="what it gives",
                    ),
                ),
                ("value", models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True)),
                (
                    "low",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="lower end"
                    ),
                ),
                (
                    "high",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="upper end"
                    ),
                ),
                (
                    "qualifier",
                    models.CharField(
                        choices=[("exact", "exactly"), ("about", "about"), ("over", "over")],
                        default="exact",
                        max_length=10,
                    ),
                ),
                (
                    "reference_value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="For levels: the level where it is compared with. For a part: all that was added.",
                        max_digits=16,
                        null=True,
                        verbose_name="set against",
                    ),
                ),
                (
                    "quotation",
                    models.CharField(
                        blank=True,
                        help_text="Exactly, without quotation marks.",
                        max_length=300,
                        verbose_name="in its words",
                    ),
                ),
                (
                    "period_text",
                    models.CharField(
                        blank=True,
                        help_text="As the page words it. Leave empty if it doesn’t say.",
                        max_length=120,
                        verbose_name="period",
                    ),
                ),
                (
                    "counted_from",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Only if another year than the target’s own start.",
                        null=True,
                        verbose_name="counted from (year)",
                    ),
                ),
                (
                    "period_end_from",
                    models.DateField(
                        blank=True,
                        help_text="Leave both empty if the page doesn’t say.",
                        null=True,
                        verbose_name="period ends, at the earliest",
                    ),
                ),
                ("period_end_to", models.DateField(blank=True, null=True, verbose_name="at the latest")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lep", "The LEP"),
                            ("successor", "Its successor"),
                            ("press", "The press"),
                            ("third_party", "A third party"),
                            ("ours", "Worked out by us from published figures"),
                        ],
                        default="lep",
                        max_length=12,
                        verbose_name="said by",
                    ),
                ),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="If only the month or year is known, give its first day.",
                        null=True,
                        verbose_name="known since",
                    ),
                ),
                (
                    "published_precision",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month"), ("year", "year"), ("unknown", "not known")],
                        default="unknown",
                        max_length=10,
                        verbose_name="how exactly that is known",
                    ),
                ),
                (
                    "published_text",
                    models.CharField(
                        blank=True,
                        help_text="Such as Autumn 2023. Leave empty to show the date.",
                        max_length=60,
                        verbose_name="in words",
                    ),
                ),
                ("page_ref", models.CharField(blank=True, max_length=200, verbose_name="part of the source")),
                (
                    "fact_key",
                    models.SlugField(
                        blank=True,
                        help_text="The same word on statements that disagree, such as start-level. They are shown side by side.",
                        max_length=60,
                        verbose_name="disagreement",
                    ),
                ),
                ("note", models.CharField(blank=True, help_text="A caveat, shown with the statement.", max_length=400)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="target_statements",
                        to="evidence.source",
                    ),
                ),
                (
                    "target",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="statements", to="progress.targetpage"
                    ),
                ),
            ],
            options={
                "verbose_name": "statement",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
    ]
