import django.db.models.deletion
import modelcluster.fields
import nelis.core.fields
import wagtail.contrib.routable_page.models
import wagtail.fields
import wagtail.models.preview
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_initial"),
        ("evidence", "0001_initial"),
        ("feedback", "0001_initial"),
        ("sectors", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="BoardPapersPage",
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
                "verbose_name": "Board papers page",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="BookPage",
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
                    "introduction",
                    wagtail.fields.RichTextField(
                        blank=True, help_text="Stands before the contents list. The rest makes itself."
                    ),
                ),
            ],
            options={
                "verbose_name": "book",
            },
            bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, "wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="ContactPage",
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
                "verbose_name": "contact page",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="EventIndexPage",
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
                "verbose_name": "list of events",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="FAQPage",
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
                "verbose_name": "questions page",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="FrameworkPage",
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
                    "productivity",
                    wagtail.fields.RichTextField(help_text="In plain words.", verbose_name="what productivity is"),
                ),
            ],
            options={
                "verbose_name": "UK Industrial Strategy page",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="GlossaryPage",
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
                "verbose_name": "glossary page",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="GovernancePage",
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
                "verbose_name": "governance page",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="HomePage",
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
                    "hero_statement",
                    models.CharField(
                        help_text="What this is and until when, in one line. The largest on the site.", max_length=120
                    ),
                ),
            ],
            options={
                "verbose_name": "home page",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="NewsIndexPage",
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
                "verbose_name": "list of news",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="NewsPage",
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
                ("date", models.DateField(help_text="The date it bears. Its month is part of the address.")),
                (
                    "news_kind",
                    models.CharField(
                        choices=[("news", "News"), ("leader_view", "Leader view")],
                        default="news",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("author", models.CharField(blank=True, max_length=160)),
                (
                    "original_title",
                    models.CharField(
                        blank=True, help_text="Only for a summary of a piece published elsewhere.", max_length=255
                    ),
                ),
                ("original_url", models.URLField(blank=True, verbose_name="original address")),
            ],
            options={
                "verbose_name": "news item",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="NextStepsPage",
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
                "verbose_name": "next steps page",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="StandardPage",
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
                "verbose_name": "standard page",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="TimelinePage",
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
                "verbose_name": "timeline page",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="BoardPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("meeting_date", models.DateField()),
                (
                    "paper_kind",
                    models.CharField(
                        choices=[("agenda", "Agenda"), ("minutes", "Minutes"), ("paper", "Paper")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                ("url", models.URLField(blank=True, verbose_name="address elsewhere")),
                ("not_held", models.BooleanField(default=False, verbose_name="known, but not held")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.sitedocument",
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="papers", to="home.boardpaperspage"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EventPage",
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
                ("date", models.DateField(verbose_name="first day")),
                ("end_date", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("start_time", models.TimeField(blank=True, help_text="Leave empty if not held.", null=True)),
                ("end_time", models.TimeField(blank=True, null=True)),
                (
                    "date_precision",
                    models.CharField(
                        choices=[("day", "to the day"), ("range", "within a range: not sure")],
                        default="day",
                        help_text="A date that isn’t known to the day is never put into a calendar.",
                        max_length=8,
                    ),
                ),
                (
                    "date_text",
                    models.CharField(
                        blank=True, help_text="How to say the date when it isn’t known to the day.", max_length=80
                    ),
                ),
                ("venue", models.CharField(blank=True, help_text="Leave empty if not held.", max_length=200)),
                (
                    "attendance",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="evidence.statistic",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="EventSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("title", models.CharField(max_length=160)),
                ("text", models.CharField(blank=True, max_length=400)),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        help_text="The sector or page it was about.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "deck",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.sitedocument",
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to="home.eventpage"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        blank=True,
                        help_text="Its slides or paper, in the list of sources.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="evidence.source",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FAQ",
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
                ("slug", models.SlugField(help_text="Permanent: part of its address.", max_length=80, unique=True)),
                ("question", models.CharField(max_length=200)),
                ("answer", wagtail.fields.RichTextField()),
                ("category", models.CharField(max_length=80)),
                ("sort_order", models.PositiveIntegerField(default=0)),
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
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="evidence.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "question and answer",
                "verbose_name_plural": "questions and answers",
                "ordering": ["sort_order", "question"],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name="GovernanceBody",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=160, unique=True)),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("decision", "Decides"),
                            ("advisory", "Advises"),
                            ("external", "Is consulted, or reviews"),
                        ],
                        max_length=10,
                    ),
                ),
                ("role", models.CharField(help_text="What it does, in a sentence.", max_length=300)),
                ("chair", models.CharField(blank=True, max_length=120)),
                ("meets", models.CharField(blank=True, help_text="How often, if known.", max_length=80)),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("high", "High confidence"),
                            ("medium", "Medium confidence"),
                            ("low", "Low confidence"),
                        ],
                        default="high",
                        help_text="How sure we are of its place.",
                        max_length=10,
                    ),
                ),
                ("confidence_note", models.CharField(blank=True, max_length=300)),
                ("sort_order", models.PositiveIntegerField(default=0)),
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
            ],
            options={
                "verbose_name_plural": "governance bodies",
                "ordering": ["sort_order", "name"],
            },
        ),
        migrations.CreateModel(
            name="CallToAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("label", models.CharField(max_length=60)),
                ("text", models.CharField(max_length=120)),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtailcore.page"
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="calls_to_action", to="home.homepage"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LoadedEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=200)),
                ("object_pk", models.PositiveBigIntegerField()),
                ("file_hash", models.CharField(max_length=64)),
                ("state_hash", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name_plural": "loaded entries",
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="loaded_entry_once")],
            },
        ),
        migrations.CreateModel(
            name="SessionQuestions",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="question_sets", to="home.eventpage"
                    ),
                ),
                (
                    "question_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.questionset"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField(max_length=500)),
                ("actors", models.CharField(blank=True, max_length=250, verbose_name="who")),
                ("output", models.CharField(blank=True, max_length=200, verbose_name="what comes of it")),
                (
                    "date_text",
                    models.CharField(
                        blank=True,
                        help_text="Leave empty if the sources give no date.",
                        max_length=80,
                        verbose_name="when",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("done", "Done"), ("now", "Under way"), ("ahead", "Ahead")],
                        default="ahead",
                        max_length=8,
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="home.nextstepspage"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TimelineEvent",
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
                ("ref", models.CharField(max_length=6, unique=True, verbose_name="reference")),
                (
                    "track",
                    models.CharField(
                        choices=[
                            ("governance", "Governance"),
                            ("evidence", "Evidence"),
                            ("engagement", "Engagement"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("milestone", "Happened once"), ("bar", "Went on for a while")],
                        default="milestone",
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("best_estimate", models.CharField(max_length=80, verbose_name="most likely")),
                ("start", models.DateField(blank=True, null=True, verbose_name="earliest")),
                ("end", models.DateField(blank=True, null=True, verbose_name="latest")),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("day", "to the day"),
                            ("month", "to the month"),
                            ("quarter", "to the quarter"),
                            ("range", "within a range"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("high", "High confidence"),
                            ("medium", "Medium confidence"),
                            ("low", "Low confidence"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("happened", "Happened"), ("planned", "Planned"), ("slipped", "Slipped")],
                        default="happened",
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, help_text="Why we think so.", max_length=400)),
                ("sort_order", models.PositiveIntegerField(default=0)),
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
                    "related_page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.page",
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
            ],
            options={
                "ordering": ["sort_order", "start"],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name="VisionPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("text", models.CharField(max_length=160)),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vision_points",
                        to="home.frameworkpage",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("on_behalf_of", models.CharField(blank=True, max_length=160)),
                (
                    "body",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="home.governancebody",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="sectors.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("body", "organisation"), name="member_once")],
            },
        ),
    ]
