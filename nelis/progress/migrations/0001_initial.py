import django.db.models.deletion
import nelis.core.fields
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("evidence", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="TargetIndexPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        help_text="One or two plain sentences. Used at the top of the page, in listings, in search results and when the page is shared.",
                        max_length=300,
                    ),
                ),
                (
                    "as_of",
                    models.DateField(
                        blank=True,
                        help_text="The date this content describes. Older than twelve months shows a notice.",
                        null=True,
                        verbose_name="as at",
                    ),
                ),
                (
                    "review_due",
                    models.DateField(
                        blank=True, help_text="When somebody should read this page again. Not shown.", null=True
                    ),
                ),
                (
                    "is_historic",
                    models.BooleanField(
                        default=False,
                        help_text="Tick for a page kept as it was, not updated any more. The page says so.",
                        verbose_name="historical record",
                    ),
                ),
                (
                    "body",
                    nelis.core.fields.StreamField([], blank=True, help_text="The text of the page, block by block."),
                ),
            ],
            options={
                "verbose_name": "list of targets",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="TargetPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        help_text="One or two plain sentences. Used at the top of the page, in listings, in search results and when the page is shared.",
                        max_length=300,
                    ),
                ),
                (
                    "as_of",
                    models.DateField(
                        blank=True,
                        help_text="The date this content describes. Older than twelve months shows a notice.",
                        null=True,
                        verbose_name="as at",
                    ),
                ),
                (
                    "review_due",
                    models.DateField(
                        blank=True, help_text="When somebody should read this page again. Not shown.", null=True
                    ),
                ),
                (
                    "is_historic",
                    models.BooleanField(
                        default=False,
                        help_text="Tick for a page kept as it was, not updated any more. The page says so.",
                        verbose_name="historical record",
                    ),
                ),
                (
                    "body",
                    nelis.core.fields.StreamField([], blank=True, help_text="The text of the page, block by block."),
                ),
                ("ref", models.CharField(help_text="Such as T1.", max_length=6, unique=True, verbose_name="reference")),
                (
                    "target_kind",
                    models.CharField(
                        choices=[
                            ("level_gain", "A gain over the starting level"),
                            ("share_of_change", "A share of what is added"),
                            ("gap_reduction", "Part of a gap closed"),
                            ("level", "A level to reach"),
                        ],
                        max_length=20,
                    ),
                ),
                ("target_value", models.DecimalField(decimal_places=4, max_digits=16)),
                (
                    "unit",
                    models.CharField(
                        help_text="What the number counts, such as “jobs” or “% of the gap”.", max_length=60
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("up", "Higher is better"), ("down", "Lower is better")], default="up", max_length=4
                    ),
                ),
                (
                    "baseline_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="counted from (year)"),
                ),
                (
                    "baseline_value",
                    models.DecimalField(
                        blank=True, decimal_places=4, help_text="Leave empty if not held.", max_digits=16, null=True
                    ),
                ),
                ("deadline_year", models.PositiveSmallIntegerField(verbose_name="deadline (year)")),
                ("method", wagtail.fields.RichTextField(blank=True, verbose_name="how it is measured")),
                ("caveats", wagtail.fields.RichTextField(blank=True, verbose_name="read it with care")),
                (
                    "comparator",
                    models.ForeignKey(
                        blank=True,
                        help_text="The area it is compared with, if there is one.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.geoarea",
                    ),
                ),
                (
                    "latest",
                    models.ForeignKey(
                        blank=True,
                        help_text="The most recent figure held. Leave empty if none is.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.statistic",
                    ),
                ),
            ],
            options={
                "verbose_name": "target",
            },
            bases=("wagtailcore.page", models.Model),
        ),
    ]
