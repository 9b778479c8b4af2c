from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0004_what_is_known_since"),
    ]

    operations = [
        migrations.DeleteModel(
            name="CallToAction",
        ),
    ]
