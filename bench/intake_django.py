"""The workload `intake`, as a plain Django view behind ASGI that commits each interview.

The same tables, the same durable SQLite, the same server; no middleware. It is served by its own
name, and run as a program it is the benchmark.
"""

import hashlib
import os
import sys
from pathlib import Path

if __name__ != "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kelisim.site.settings")
    import django
    from django.conf import settings
    from django.core.handlers.asgi import ASGIHandler
    from django.db import transaction
    from django.http import HttpResponse
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt
    from lxml import etree

    django.setup()
    settings.MIDDLEWARE = []
    settings.ROOT_URLCONF = __name__
    application = ASGIHandler()

    from kelisim.fieldwork.models import Arrival
    from kelisim.surveys.models import Questionnaire, Submission

    OPENROSA = "{http://openrosa.org/xforms}"

    @csrf_exempt
    def submission(request, token):
        """Receive one interview in a transaction of its own."""
        xml = request.FILES["xml_submission_file"].read()
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(xml, parser)
        number = root.findtext(f"{OPENROSA}meta/{OPENROSA}instanceID")
        with transaction.atomic():
            from kelisim.fieldwork.access import device

            found = device(token)
            form = Questionnaire.objects.only("pk").get(
                survey=found.survey, form_id=root.get("id"), version=root.get("version")
            )
            row, new = Submission.objects.get_or_create(
                questionnaire=form,
                instance_id=number,
                defaults={
                    "xml": xml,
                    "digest": hashlib.sha256(xml).hexdigest(),
                    "channel": "collect",
                },
            )
            if new:
                Arrival.objects.create(submission=row, device=found)
        return HttpResponse(b"<OpenRosaResponse/>", "text/xml", status=201)

    urlpatterns = [path("openrosa/<str:token>/submission", submission)]
else:
    from importlib.metadata import version

    from intake_load import run

    run("intake_django:application", Path(sys.argv[1]), Path(sys.argv[2]), version("django"))
