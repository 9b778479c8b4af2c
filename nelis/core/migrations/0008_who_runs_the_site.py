from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_plain_labels"),
    ]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="contact_address",
            field=models.CharField(blank=True, help_text="On one line.", max_length=250, verbose_name="postal address"),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="contact_email",
            field=models.EmailField(
                blank=True, help_text="One that somebody reads.", max_length=254, verbose_name="email address"
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="contact_name",
            field=models.CharField(
                blank=True,
                help_text="A person or a team, such as “The strategy team”. With the next three on the contact page.",
                max_length=120,
                verbose_name="whom readers reach",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="contact_phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="telephone"),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="operator_name",
            field=models.CharField(
                blank=True,
                help_text="The public body that answers for it, such as a combined authority. At the foot of every page.",
                max_length=120,
                verbose_name="who runs this site",
            ),
        ),
    ]
