import django.db.models.deletion
import modelcluster.fields
import nelis.core.fields
import nelis.core.page_views
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceIndexPage",
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
                "verbose_name": "sources page",
            },
            bases=(nelis.core.page_views.RoutedPageMixin, "wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="GeoArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.SlugField(
                        help_text="The official (GSS) code where there is one; otherwise a code of our own.",
                        max_length=40,
                        unique=True,
                    ),
                ),
                ("name", models.CharField(help_text="As readers see it beside a figure.", max_length=120)),
                ("kind", models.CharField(blank=True, max_length=60)),
                ("is_derived", models.BooleanField(default=False, verbose_name="built by us from other areas")),
                (
                    "derivation",
                    models.CharField(
                        blank=True,
                        help_text="How it is built, or what a source’s loose wording may cover.",
                        max_length=300,
                    ),
                ),
            ],
            options={
                "verbose_name": "area",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(default=False, editable=False, verbose_name="has unpublished changes"),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="first published at"),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last published at"),
                ),
                ("go_live_at", models.DateTimeField(blank=True, null=True, verbose_name="go live date/time")),
                ("expire_at", models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time")),
                ("expired", models.BooleanField(default=False, editable=False, verbose_name="expired")),
                (
                    "ref",
                    models.SlugField(
                        help_text="Short and permanent, such as S1. It is part of the source’s address.",
                        max_length=60,
                        unique=True,
                        verbose_name="reference",
                    ),
                ),
                ("title", models.CharField(max_length=255)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("web_page", "Web page"),
                            ("slides", "Slides"),
                            ("article", "Article"),
                            ("report", "Report"),
                            ("review", "Review"),
                            ("audit", "Audit"),
                            ("statistics", "Statistics"),
                            ("papers", "Board papers"),
                            ("plan", "Plan"),
                        ],
                        max_length=20,
                    ),
                ),
                ("publisher", models.CharField(blank=True, max_length=200)),
                (
                    "commissioned_by",
                    models.CharField(blank=True, help_text="Only if a source says so.", max_length=200),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[("published", "Published"), ("commissioned", "Commissioned"), ("planned", "Planned")],
                        help_text="How far it has come, by what a source says. Leave empty if none says.",
                        max_length=12,
                    ),
                ),
                (
                    "published",
                    models.DateField(
                        blank=True, help_text="If only the month or year is known, give its first day.", null=True
                    ),
                ),
                (
                    "published_precision",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month"), ("year", "year"), ("unknown", "not known")],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                (
                    "page_ref",
                    models.CharField(
                        blank=True, help_text="The slide, page or section meant.", max_length=200, verbose_name="part"
                    ),
                ),
                (
                    "held",
                    models.BooleanField(
                        default=False,
                        help_text="Untick for a document we know only by name.",
                        verbose_name="we hold it",
                    ),
                ),
                (
                    "not_held_note",
                    models.CharField(
                        blank=True, help_text="What we know of a document that we don’t hold.", max_length=300
                    ),
                ),
                ("url", models.URLField(blank=True, verbose_name="address")),
                ("licence", models.CharField(blank=True, max_length=200)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.sitedocument",
                    ),
                ),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
            ],
            options={
                "ordering": ["-held", "ref"],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Statistic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(default=False, editable=False, verbose_name="has unpublished changes"),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="first published at"),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last published at"),
                ),
                ("go_live_at", models.DateTimeField(blank=True, null=True, verbose_name="go live date/time")),
                ("expire_at", models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time")),
                ("expired", models.BooleanField(default=False, editable=False, verbose_name="expired")),
                ("locked", models.BooleanField(default=False, editable=False, verbose_name="locked")),
                ("locked_at", models.DateTimeField(editable=False, null=True, verbose_name="locked at")),
                ("key", models.SlugField(help_text="Short and permanent, such as F03.", max_length=60, unique=True)),
                (
                    "fact_key",
                    models.SlugField(
                        blank=True,
                        help_text="The same on all figures that rival each other for one fact, such as iamp-jobs.",
                        max_length=60,
                    ),
                ),
                ("label", models.CharField(help_text="What is counted, as it reads after the number.", max_length=200)),
                ("value", models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True)),
                ("low", models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True)),
                ("high", models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True)),
                (
                    "qualifier",
                    models.CharField(
                        choices=[
                            ("exact", "exactly"),
                            ("over", "over"),
                            ("up_to", "up to"),
                            ("about", "about"),
                            ("range", "between two values"),
                            ("rank", "a rank (1st, 2nd)"),
                            ("one_in", "one in so many"),
                            ("named", "in words, not a number"),
                        ],
                        default="exact",
                        max_length=10,
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("number", "a count"),
                            ("percent", "per cent"),
                            ("gbp_million", "£ million"),
                            ("gbp_billion", "£ billion"),
                            ("year", "a year"),
                        ],
                        default="number",
                        max_length=20,
                    ),
                ),
                (
                    "whole",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="What the figure is a share of, for its bar. A percentage is a share of 100.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "display_text",
                    models.CharField(
                        blank=True, help_text="Only for figures in words, such as “Europe’s largest”.", max_length=60
                    ),
                ),
                (
                    "period_text",
                    models.CharField(
                        blank=True,
                        help_text="Leave empty if the source doesn’t say.",
                        max_length=120,
                        verbose_name="period",
                    ),
                ),
                ("period_start", models.DateField(blank=True, null=True)),
                ("period_end", models.DateField(blank=True, null=True)),
                ("page_ref", models.CharField(blank=True, max_length=200, verbose_name="part of the source")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("confirmed", "Confirmed"),
                            ("disputed", "Disputed"),
                            ("missing", "Not held"),
                            ("superseded", "Superseded"),
                        ],
                        db_index=True,
                        default="confirmed",
                        max_length=12,
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="A caveat, shown with the figure.", max_length=500)),
                (
                    "geography",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statistics", to="evidence.geoarea"
                    ),
                ),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="locked_%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statistics",
                        to="evidence.source",
                    ),
                ),
            ],
            options={
                "ordering": ["key"],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name="PageStatistic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statistic_links",
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "statistic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="page_links", to="evidence.statistic"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(default=False, editable=False, verbose_name="has unpublished changes"),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="first published at"),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last published at"),
                ),
                ("go_live_at", models.DateTimeField(blank=True, null=True, verbose_name="go live date/time")),
                ("expire_at", models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time")),
                ("expired", models.BooleanField(default=False, editable=False, verbose_name="expired")),
                ("locked", models.BooleanField(default=False, editable=False, verbose_name="locked")),
                ("locked_at", models.DateTimeField(editable=False, null=True, verbose_name="locked at")),
                (
                    "ref",
                    models.CharField(
                        help_text="Short and permanent, such as SA4.",
                        max_length=12,
                        unique=True,
                        verbose_name="reference",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("context", "Context"),
                            ("strength", "Strength"),
                            ("constraint", "Constraint"),
                            ("recommendation", "Recommendation"),
                            ("what_works", "What works"),
                        ],
                        max_length=20,
                    ),
                ),
                ("statement", models.TextField(max_length=600)),
                ("parts", nelis.core.fields.StreamField([], blank=True)),
                ("page_ref", models.CharField(blank=True, max_length=200, verbose_name="part of the source")),
                ("sort_order", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="locked_%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        help_text="The sector or sub-sector it is about.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="evidence.source",
                    ),
                ),
                ("statistics", models.ManyToManyField(blank=True, related_name="findings", to="evidence.statistic")),
            ],
            options={
                "ordering": ["sort_order", "ref"],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name="PageSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="source_links", to="wagtailcore.page"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="page_links", to="evidence.source"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("page", "source"), name="page_source_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="statistic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "missing"), _negated=True),
                    models.Q(
                        ("display_text", ""), ("high__isnull", True), ("low__isnull", True), ("value__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="missing_statistic_has_no_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="statistic",
            constraint=models.CheckConstraint(
                condition=models.Q(("live", False), ("source__isnull", False), _connector="OR"),
                name="live_statistic_has_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="pagestatistic",
            constraint=models.UniqueConstraint(fields=("page", "statistic"), name="page_statistic_once"),
        ),
    ]
