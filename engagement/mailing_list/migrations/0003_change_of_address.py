from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mailing_list", "0002_circuit_breakers_by_network"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consentevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("requested", "Asked to join"),
                    ("confirmed", "Confirmed"),
                    ("added", "Added on paper evidence"),
                    ("imported", "Imported with evidence"),
                    ("changed", "Changed topics or frequency"),
                    ("moved", "Changed the address"),
                    ("paused", "Paused"),
                    ("resumed", "Resumed"),
                    ("ended", "Left"),
                    ("undone", "Came back from leaving"),
                    ("expired", "Never confirmed"),
                    ("erased", "Erased"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="token",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("confirm", "Confirm a subscription"),
                    ("preferences", "See and change what is held"),
                    ("new_address", "Confirm a new address"),
                ],
                max_length=11,
            ),
        ),
    ]
