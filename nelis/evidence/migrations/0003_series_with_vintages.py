import django.db.models.deletion
import django.utils.timezone
import modelcluster.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0002_source_read_in_part"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="statistic",
            name="unit",
            field=models.CharField(
                choices=[
                    ("number", "a count"),
                    ("percent", "per cent"),
                    ("percentage_points", "percentage points"),
                    ("gbp", "£"),
                    ("gbp_per_hour", "£ per hour"),
                    ("gbp_million", "£ million"),
                    ("gbp_billion", "£ billion"),
                    ("jobs_per_head", "jobs per head"),
                    ("year", "a year"),
                ],
                default="number",
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="AreaCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="Whose code it is, and why it is the same area.", max_length=200
                    ),
                ),
                (
                    "area",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="other_codes", to="evidence.geoarea"
                    ),
                ),
            ],
            options={
                "verbose_name": "other code of an area",
                "verbose_name_plural": "other codes of areas",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.SlugField(
                        help_text="Short and permanent, such as employment-rate.", max_length=60, unique=True
                    ),
                ),
                ("name", models.CharField(help_text="As readers see it above a chart.", max_length=200)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("number", "a count"),
                            ("percent", "per cent"),
                            ("percentage_points", "percentage points"),
                            ("gbp", "£"),
                            ("gbp_per_hour", "£ per hour"),
                            ("gbp_million", "£ million"),
                            ("gbp_billion", "£ billion"),
                            ("jobs_per_head", "jobs per head"),
                            ("year", "a year"),
                        ],
                        default="number",
                        max_length=20,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("count", "A count, which can be added up"),
                            ("rate", "A rate: a part of a whole"),
                            ("ratio", "A ratio of two different things"),
                        ],
                        default="count",
                        max_length=8,
                    ),
                ),
                ("decimals", models.PositiveSmallIntegerField(default=0, help_text="How many are shown at most.")),
                (
                    "lowest",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="A value below this is refused on import.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "highest",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="A value above this is refused on import.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "factor",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="The value is this times the numerator divided by the denominator: 100 for a percentage, 1 for £ an hour. Empty for a count.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "definition",
                    models.TextField(
                        blank=True, help_text="What is counted, and of what, for readers.", max_length=1000
                    ),
                ),
                (
                    "known_as",
                    models.TextField(
                        blank=True,
                        help_text="What files call it, one name a line. An import finds the indicator by them.",
                        max_length=1000,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        help_text="The publication that defines it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indicators",
                        to="evidence.source",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.SlugField(
                        help_text="Permanent: addresses and files refer to it. Such as t6-e37000025.",
                        max_length=120,
                        unique=True,
                    ),
                ),
                (
                    "treatment",
                    models.SlugField(
                        blank=True,
                        default="",
                        help_text="Such as smoothed or unsmoothed, where both exist.",
                        max_length=40,
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("yearly", "Yearly"),
                            ("quarterly", "Quarterly"),
                            ("monthly", "Monthly"),
                            ("rolling", "Twelve months, each quarter"),
                            ("irregular", "Irregular"),
                        ],
                        default="yearly",
                        max_length=10,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("supplied", "Supplied by a source"), ("derived", "Derived by us from other series")],
                        default="supplied",
                        max_length=10,
                    ),
                ),
                (
                    "licence",
                    models.CharField(
                        blank=True, help_text="As the source states it. Empty if it doesn’t.", max_length=200
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="series", to="evidence.geoarea"
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="series", to="evidence.indicator"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        help_text="Who publishes it. Each release may name a publication of its own.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="evidence.source",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "series",
                "ordering": ["key"],
            },
        ),
        migrations.AddField(
            model_name="statistic",
            name="series",
            field=models.ForeignKey(
                blank=True,
                help_text="The figure is then the latest of this series, and changes with each release.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="statistics",
                to="evidence.series",
            ),
        ),
        migrations.CreateModel(
            name="SeriesBreak",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=80, unique=True)),
                ("on", models.DateField(verbose_name="from")),
                ("note", models.CharField(help_text="What changed, for readers.", max_length=300)),
                (
                    "indicator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="breaks",
                        to="evidence.indicator",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="breaks",
                        to="evidence.series",
                    ),
                ),
            ],
            options={
                "verbose_name": "break in a series",
                "verbose_name_plural": "breaks in series",
                "ordering": ["on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SeriesPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sign", models.SmallIntegerField(choices=[(1, "added"), (-1, "taken away")], default=1)),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.series"
                    ),
                ),
                (
                    "series",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="evidence.series"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Vintage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.SlugField(help_text="Short and permanent, such as ons-2024-06.", max_length=80, unique=True),
                ),
                ("label", models.CharField(help_text="As readers see it, such as “ONS, June 2024”.", max_length=200)),
                (
                    "released_on",
                    models.DateField(
                        blank=True,
                        help_text="The day it came out; the first of the month where only that is known.",
                        null=True,
                    ),
                ),
                (
                    "released_text",
                    models.CharField(
                        blank=True, help_text="When it came out, in words, where the day isn’t known.", max_length=120
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="A caveat, shown with its figures.", max_length=1000)),
                ("file_name", models.CharField(blank=True, editable=False, max_length=255)),
                ("sha256", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ("imported_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("withdrawn_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("withdrawn_reason", models.TextField(blank=True, editable=False, max_length=500)),
                (
                    "imported_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="vintages", to="evidence.source"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-released_on", "-imported_at"],
            },
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_start", models.DateField()),
                ("period_end", models.DateField()),
                (
                    "period_label",
                    models.CharField(help_text="As readers see it, such as Jan 2018–Dec 2018.", max_length=60),
                ),
                ("value", models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True)),
                ("numerator", models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True)),
                ("denominator", models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True)),
                (
                    "lower",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="The lower end of the 95% interval.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "upper",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="The upper end of the 95% interval.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "status_flag",
                    models.CharField(
                        blank=True,
                        help_text="The mark of the source where it gives no value, or a doubtful one.",
                        max_length=40,
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="observations", to="evidence.series"
                    ),
                ),
                (
                    "vintage",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="observations", to="evidence.vintage"
                    ),
                ),
            ],
            options={
                "ordering": ["series", "period_end", "period_start"],
            },
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.UniqueConstraint(
                fields=("indicator", "area", "treatment", "frequency"), name="one_series_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="seriesbreak",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("indicator__isnull", True), ("series__isnull", False)),
                    models.Q(("indicator__isnull", False), ("series__isnull", True)),
                    _connector="OR",
                ),
                name="break_of_a_series_or_an_indicator",
                violation_error_message="Choose a series or an indicator, and not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seriespart",
            constraint=models.UniqueConstraint(fields=("series", "part"), name="series_part_once"),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.UniqueConstraint(
                fields=("series", "vintage", "period_start", "period_end"), name="one_observation_a_period_and_vintage"
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_start__lte", models.F("period_end"))),
                name="observation_period_has_an_order",
                violation_error_message="A period ends after it starts.",
            ),
        ),
    ]
