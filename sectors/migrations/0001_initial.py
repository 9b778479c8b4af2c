import django.db.models.deletion
import modelcluster.fields
import nelis.core.fields
import nelis.core.page_views
import wagtail.fields
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_initial"),
        ("evidence", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangesPage",
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
                "verbose_name": "list of changes",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="ExplorerPage",
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
                "verbose_name": "explorer",
            },
            bases=(nelis.core.page_views.RoutedPageMixin, "wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="FindingIndexPage",
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
                "verbose_name": "list of findings",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="FoundationIndexPage",
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
                "verbose_name": "list of foundations",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="FoundationPage",
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
                (
                    "code",
                    models.SlugField(
                        help_text="Short and permanent, such as clean-growth.", max_length=40, unique=True
                    ),
                ),
                (
                    "national_aim",
                    models.CharField(
                        help_text="What the national strategy wants under this foundation.", max_length=200
                    ),
                ),
            ],
            options={
                "verbose_name": "foundation",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="GapsPage",
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
                "verbose_name": "list of gaps",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="GrandChallengeIndexPage",
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
                "verbose_name": "list of Grand Challenges",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="GrandChallengePage",
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
                (
                    "code",
                    models.SlugField(
                        help_text="Short and permanent, such as clean-growth.", max_length=40, unique=True
                    ),
                ),
                (
                    "ambition",
                    models.TextField(
                        blank=True, help_text="Only if government has published one. In our words.", max_length=400
                    ),
                ),
                (
                    "status_note",
                    models.CharField(blank=True, help_text="What we don’t hold on this challenge.", max_length=300),
                ),
            ],
            options={
                "verbose_name": "Grand Challenge",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="OrganisationIndexPage",
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
                "verbose_name": "list of organisations",
            },
            bases=(nelis.core.page_views.RoutedPageMixin, "wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("area", "Council area"),
                            ("town", "Town"),
                            ("site", "Site"),
                            ("ez", "Enterprise Zone"),
                            ("port", "Port"),
                            ("region", "Region"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "gss_code",
                    models.CharField(
                        blank=True,
                        help_text="The nine-character code, if it has one.",
                        max_length=12,
                        verbose_name="official code",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ProjectIndexPage",
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
                "verbose_name": "list of projects",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="PropositionIndexPage",
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
                "verbose_name": "list of propositions",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="SectorDealIndexPage",
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
                "verbose_name": "list of Sector Deals",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="SectorDealPage",
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
                (
                    "code",
                    models.SlugField(
                        help_text="Short and permanent, such as clean-growth.", max_length=40, unique=True
                    ),
                ),
                (
                    "partnership_since",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="in partnership since (year)"),
                ),
                ("deal_date", models.DateField(blank=True, help_text="Leave empty if not held.", null=True)),
                (
                    "status_note",
                    models.CharField(blank=True, help_text="What we don’t hold on this deal.", max_length=300),
                ),
            ],
            options={
                "verbose_name": "Sector Deal",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="SectorIndexPage",
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
                "verbose_name": "list of sectors",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="SubSectorPage",
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
                ("code", models.SlugField(help_text="Permanent, such as chemicals.", max_length=60, unique=True)),
                (
                    "content_status",
                    models.CharField(
                        choices=[("full", "Held"), ("partial", "Held in part"), ("stub", "Not held: the page says so")],
                        default="full",
                        max_length=10,
                    ),
                ),
                (
                    "gap_note",
                    models.CharField(
                        blank=True, help_text="What the sources leave out on this sector.", max_length=300
                    ),
                ),
            ],
            options={
                "verbose_name": "sub-sector",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="Organisation",
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
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=160, unique=True)),
                ("short_name", models.CharField(blank=True, help_text="Such as NEAA.", max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "Government and public bodies"),
                            ("lep", "The LEP and its bodies"),
                            ("university", "Universities and research"),
                            ("cluster", "Cluster bodies"),
                            ("company", "Companies"),
                            ("consultant", "Consultants"),
                            ("funder", "Funds and funders"),
                            ("partner", "Partners outside the area"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        blank=True, help_text="What the sources say it is or does, in a sentence.", max_length=300
                    ),
                ),
                ("url", models.URLField(blank=True, verbose_name="address")),
                (
                    "aliases",
                    models.CharField(
                        blank=True,
                        help_text="Other names, with commas between.",
                        max_length=200,
                        verbose_name="also called",
                    ),
                ),
                (
                    "as_of",
                    models.DateField(
                        blank=True, help_text="When its description was true.", null=True, verbose_name="as at"
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="parts",
                        to="sectors.organisation",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="evidence.source",
                    ),
                ),
                ("places", models.ManyToManyField(blank=True, related_name="organisations", to="sectors.place")),
            ],
            options={
                "ordering": ["name"],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Contact",
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
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("role", models.CharField(max_length=160)),
                (
                    "email",
                    models.EmailField(blank=True, help_text="Leave empty if the sources give none.", max_length=254),
                ),
                ("remit", models.CharField(blank=True, help_text="What they answer for.", max_length=300)),
                ("note", models.CharField(blank=True, help_text="A caveat shown on the card.", max_length=300)),
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
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="contacts",
                        to="sectors.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ProjectPage",
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
                (
                    "project_kind",
                    models.CharField(
                        choices=[
                            ("site", "Site"),
                            ("facility", "Facility"),
                            ("programme", "Programme"),
                            ("service", "Service or initiative"),
                            ("plan", "Plan"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("named", "Named only"),
                            ("proposed", "Proposed"),
                            ("seeking_funds", "Seeking funds"),
                            ("in_development", "In development"),
                            ("in_place", "In place"),
                        ],
                        default="proposed",
                        max_length=16,
                    ),
                ),
                (
                    "status_note",
                    models.CharField(
                        blank=True, help_text="What the status rests on, if a source doesn’t say it.", max_length=300
                    ),
                ),
                (
                    "expected",
                    models.CharField(
                        blank=True, help_text="When it is expected, such as “on site by 2020”.", max_length=80
                    ),
                ),
                (
                    "also_called",
                    models.CharField(blank=True, help_text="Other names, with commas between.", max_length=200),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="projects",
                        to="sectors.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "project",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="PropositionPage",
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
                ("ref", models.CharField(help_text="Such as P7.", max_length=6, unique=True, verbose_name="reference")),
                (
                    "source_title",
                    models.CharField(
                        help_text="Word for word, slips included.",
                        max_length=255,
                        verbose_name="title as first published",
                    ),
                ),
                ("what_we_propose", wagtail.fields.RichTextField()),
                ("why", wagtail.fields.RichTextField(blank=True)),
                (
                    "why_is_ours",
                    models.BooleanField(
                        default=False,
                        help_text="Tick if no source gives the reason and we drew it from the findings. The page says so.",
                        verbose_name="the reason is ours",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("idea", "Idea"),
                            ("proposed", "Proposed at summit"),
                            ("draft", "In draft strategy"),
                            ("submitted", "Submitted"),
                            ("agreed", "Agreed"),
                            ("funded", "Funded"),
                            ("delivering", "Delivering"),
                            ("complete", "Complete"),
                            ("dropped", "Dropped"),
                        ],
                        default="idea",
                        max_length=12,
                    ),
                ),
                ("stage_date", models.DateField(blank=True, null=True)),
                (
                    "cost_low",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="cost, lowest (£)"
                    ),
                ),
                (
                    "cost_high",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="cost, highest (£)"
                    ),
                ),
                (
                    "start",
                    models.CharField(
                        blank=True, help_text="As exactly as it is known, such as “spring 2021”.", max_length=60
                    ),
                ),
                ("end", models.CharField(blank=True, max_length=60)),
                (
                    "lead_theme",
                    models.ForeignKey(
                        help_text="The sector or foundation it belongs to first of all.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_propositions",
                        to="wagtailcore.page",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposition",
            },
            bases=(nelis.core.page_views.RoutedPageMixin, "wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("text", models.CharField(max_length=300)),
                (
                    "statistic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.statistic",
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcomes",
                        to="sectors.propositionpage",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OtherName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("name", models.CharField(max_length=160)),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_names",
                        to="sectors.propositionpage",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Component",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("title", models.CharField(max_length=160)),
                ("description", models.TextField(blank=True, max_length=600)),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="components",
                        to="sectors.propositionpage",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Ask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "addressee",
                    models.CharField(
                        choices=[
                            ("government", "Government"),
                            ("region", "Regional partners"),
                            ("business", "Business"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField(max_length=600)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("agreed", "Agreed"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="asks", to="sectors.propositionpage"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SectorPage",
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
                ("code", models.SlugField(help_text="Permanent, such as chemicals.", max_length=60, unique=True)),
                (
                    "content_status",
                    models.CharField(
                        choices=[("full", "Held"), ("partial", "Held in part"), ("stub", "Not held: the page says so")],
                        default="full",
                        max_length=10,
                    ),
                ),
                (
                    "gap_note",
                    models.CharField(
                        blank=True, help_text="What the sources leave out on this sector.", max_length=300
                    ),
                ),
                (
                    "accent",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("brass", "Brass, gears"),
                            ("plum", "Plum, branching lattice"),
                            ("blue", "Blue, packet lines"),
                            ("green", "Green, field lines"),
                            ("", "None"),
                        ],
                        max_length=10,
                        verbose_name="colour",
                    ),
                ),
                (
                    "support_offer",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="Leave empty if not held: the page says so.",
                        verbose_name="what support is there",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="sectors.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "sector",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="OrganisationRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "basis",
                    models.CharField(
                        choices=[("stated", "Stated in a source"), ("inferred", "Inferred by us")],
                        default="inferred",
                        max_length=10,
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("high", "High confidence"),
                            ("medium", "Medium confidence"),
                            ("low", "Low confidence"),
                        ],
                        help_text="Only for an inferred link.",
                        max_length=10,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("key", "Works in it"),
                            ("lead", "Leads"),
                            ("deliver", "Delivers"),
                            ("fund", "Funds"),
                            ("asked", "Is asked to act"),
                            ("partner", "Partner"),
                        ],
                        default="partner",
                        max_length=10,
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="What it does here, or why we infer the role.", max_length=300
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roles", to="sectors.organisation"
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="organisation_roles",
                        to="wagtailcore.page",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("page", "organisation", "role"), name="organisation_role_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "stated"), ("confidence", "")),
                            models.Q(
                                ("basis", "inferred"),
                                models.Q(("confidence", ""), _negated=True),
                                models.Q(("note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="inferred_role_has_confidence_and_note",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PriorityArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("ref", models.CharField(max_length=6, verbose_name="reference")),
                ("title", models.CharField(max_length=160)),
                ("description", models.TextField(blank=True, max_length=600)),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="priority_areas",
                        to="sectors.grandchallengepage",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("page", "ref"), name="priorityarea_ref_once")],
            },
        ),
        migrations.CreateModel(
            name="EvidenceLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "basis",
                    models.CharField(
                        choices=[("stated", "Stated in a source"), ("inferred", "Inferred by us")],
                        default="inferred",
                        max_length=10,
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("high", "High confidence"),
                            ("medium", "Medium confidence"),
                            ("low", "Low confidence"),
                        ],
                        help_text="Only for an inferred link.",
                        max_length=10,
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("addresses", "Addresses"),
                            ("builds_on", "Builds on"),
                            ("implements", "Carries out"),
                            ("challenges", "Counts against it"),
                            ("context", "Context"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "rationale",
                    models.CharField(blank=True, help_text="Why we see this line, in a sentence.", max_length=300),
                ),
                ("reviewed_on", models.DateField(editable=False, null=True)),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_links",
                        to="evidence.finding",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence_links",
                        to="sectors.propositionpage",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "finding", "relation"),
                        name="evidence_link_once",
                        violation_error_message="This finding has a line of this kind to the proposition already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "stated"), ("confidence", "")),
                            models.Q(
                                ("basis", "inferred"),
                                models.Q(("confidence", ""), _negated=True),
                                models.Q(("rationale", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="inferred_evidence_link_has_confidence_and_rationale",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PropositionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("first", "First published"),
                            ("content", "Changed"),
                            ("stage", "New stage"),
                            ("correction", "Correction"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("idea", "Idea"),
                            ("proposed", "Proposed at summit"),
                            ("draft", "In draft strategy"),
                            ("submitted", "Submitted"),
                            ("agreed", "Agreed"),
                            ("funded", "Funded"),
                            ("delivering", "Delivering"),
                            ("complete", "Complete"),
                            ("dropped", "Dropped"),
                        ],
                        max_length=12,
                    ),
                ),
                ("label", models.CharField(max_length=120)),
                ("published_at", models.DateTimeField()),
                ("change_note", models.CharField(blank=True, max_length=200)),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="sectors.propositionversion",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="version", to="core.changeentry"
                    ),
                ),
                (
                    "proposition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="sectors.propositionpage",
                    ),
                ),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_version",
                        to="wagtailcore.revision",
                    ),
                ),
            ],
            options={
                "ordering": ["proposition", "number"],
                "constraints": [models.UniqueConstraint(fields=("proposition", "number"), name="version_number_once")],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("ref", models.CharField(max_length=6, verbose_name="reference")),
                ("title", models.CharField(max_length=160)),
                ("description", models.TextField(blank=True, max_length=600)),
                (
                    "counterpart",
                    models.CharField(blank=True, help_text="Who promised it, if the source says.", max_length=160),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="sectors.sectordealpage",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("page", "ref"), name="commitment_ref_once")],
            },
        ),
        migrations.CreateModel(
            name="StrategyLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "basis",
                    models.CharField(
                        choices=[("stated", "Stated in a source"), ("inferred", "Inferred by us")],
                        default="inferred",
                        max_length=10,
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("high", "High confidence"),
                            ("medium", "Medium confidence"),
                            ("low", "Low confidence"),
                        ],
                        help_text="Only for an inferred link.",
                        max_length=10,
                    ),
                ),
                (
                    "rationale",
                    models.CharField(blank=True, help_text="Why they belong together, in a sentence.", max_length=300),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="strategy_links",
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="linked_from", to="wagtailcore.page"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("page", "target"), name="strategy_link_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "stated"), ("confidence", "")),
                            models.Q(
                                ("basis", "inferred"),
                                models.Q(("confidence", ""), _negated=True),
                                models.Q(("rationale", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="inferred_link_has_confidence_and_rationale",
                    ),
                ],
            },
        ),
    ]
