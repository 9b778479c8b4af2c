import django.db.models.deletion
import nelis.core.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0003_where_it_stood"),
    ]

    operations = [
        migrations.AddField(
            model_name="searchentry",
            name="names",
            field=models.TextField(blank=True, help_text="Other names of the object, one a line."),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="priority",
            field=models.PositiveSmallIntegerField(default=nelis.core.text.Priority["OTHER"]),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="search_synonyms",
            field=models.TextField(
                blank=True,
                help_text="Words that mean the same to readers, one set a line, with commas between: whoever searches for one finds what holds any of them. The abbreviations and other names of glossary terms and organisations are known without this.",
            ),
        ),
        migrations.AlterField(
            model_name="searchentry",
            name="content_type",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contenttypes.contenttype"
            ),
        ),
        migrations.AlterField(
            model_name="searchentry",
            name="object_id",
            field=models.PositiveBigIntegerField(null=True),
        ),
    ]
