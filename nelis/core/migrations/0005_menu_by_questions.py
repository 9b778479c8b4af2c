import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_search_names"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="menuitem",
            name="also_within",
        ),
        migrations.AddField(
            model_name="menuitem",
            name="question",
            field=models.CharField(
                blank=True,
                help_text="For the main menu: what readers ask who want this, such as “What is proposed”.",
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="menuitem",
            name="menu",
            field=models.CharField(
                default="main",
                help_text="“main” for the menu at the top (six at most), “foot” for the line at the foot; any other words are the heading of a group under “All pages”. A group named like a link of the main menu belongs to that link.",
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="sitesettings",
            name="footer_heading",
            field=models.CharField(
                blank=True,
                help_text="The large line at the foot of every page, beside the key. Empty for “How to read the lines”.",
                max_length=120,
            ),
        ),
        migrations.AlterField(
            model_name="sitesettings",
            name="footer_text",
            field=models.TextField(
                blank=True,
                help_text="What this site is, in a sentence or two, at the foot of every page.",
                max_length=400,
            ),
        ),
        migrations.AlterField(
            model_name="sitesettings",
            name="notice_page",
            field=models.ForeignKey(
                blank=True,
                help_text="The page that says what is known since. With it, the notice begins with a line: solid until then, dotted since.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.page",
            ),
        ),
        migrations.AlterField(
            model_name="sitesettings",
            name="notice_text",
            field=models.CharField(
                blank=True, help_text="One sentence, shown under the menu of every page.", max_length=300
            ),
        ),
    ]
