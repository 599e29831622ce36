# What is unique, and what is looked up: the second half of what Django wrote for 0001.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(
                fields=("survey", "name"), name="a_device_has_its_own_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "browser")),
                fields=("survey", "interviewer"),
                name="one_browser_an_interviewer",
            ),
        ),
        migrations.AddConstraint(
            model_name="psu",
            constraint=models.UniqueConstraint(
                fields=("survey", "code"), name="a_psu_is_in_a_sample_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="quarantined",
            constraint=models.UniqueConstraint(
                fields=("device", "reason", "digest"), name="quarantined_once_a_device"
            ),
        ),
        migrations.AddConstraint(
            model_name="quota",
            constraint=models.UniqueConstraint(
                fields=("survey", "name"), name="a_quota_has_its_own_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="quotaplace",
            constraint=models.UniqueConstraint(
                fields=("quota", "interview"), name="an_interview_takes_one_place"
            ),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["survey", "outcome", "due_at"], name="units_to_be_reached"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                fields=("survey", "code", "draw"), name="a_drawing_is_one_row"
            ),
        ),
    ]
