"""A survey's interviews, with the weights of its drawn sample, become a study of the house."""

from __future__ import annotations

import hashlib
from collections import Counter

import polars as pl
import pytest

from kelisim.accounts.roles import Role
from kelisim.fieldwork.models import Arrival, Device, Psu, Unit
from kelisim.results import analysis
from kelisim.results.models import Stage, Study
from kelisim.surveys.models import Channel, Submission, Survey
from kelisim.surveys.spine import beads
from tests.results.studies import computed
from tests.surveys.routes import in_the_field
from tests.surveys.test_export import xml
from tests.web import Cast, cast, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
REGIONS = ("KZ-75", "KZ-10", "KZ-71")


def interviewed(survey: Survey, *, drawn: bool) -> Counter[str]:
    """Put 60 interviews into a survey; return the weight that each region's people carry."""
    version = survey.questionnaires.get()
    device = Device.objects.create(survey=survey, name="tablet 1")
    carried: Counter[str] = Counter()
    for number in range(60):
        region = REGIONS[number % 3]
        raw = xml(region, 20 + number, []).replace(
            f"uuid:{region}-{20 + number}".encode(), f"uuid:{number}".encode()
        )
        row = Submission.objects.create(
            questionnaire=version,
            instance_id=f"uuid:{number}",
            xml=raw,
            digest=hashlib.sha256(raw).hexdigest(),
            channel=Channel.COLLECT,
        )
        if drawn:
            code = f"{region}-{number % 6 // 3}"
            psu, _new = Psu.objects.get_or_create(survey=survey, code=code, region=region)
            weight = 10.0 + number % 7
            unit = Unit.objects.create(
                survey=survey, psu=psu, code=str(number), stratum=region, chance=0.1, weight=weight
            )
            Arrival.objects.create(submission=row, device=device, unit=unit)
            carried[region] += int(weight)
    return carried


@pytest.fixture
def scene() -> Cast:
    return cast()


def opened(scene: Cast) -> Study:
    client = signed_in(scene.of(Role.RESEARCHER))
    page = client.get("/kk/organisations/house/studies/of/omnibus/")
    assert page.status_code == 200
    assert client.post("/kk/organisations/house/studies/of/omnibus/").status_code == 302
    again = client.post("/kk/organisations/house/studies/of/omnibus/")
    assert again.headers["Location"] == "/kk/organisations/house/studies/omnibus/"
    return Study.objects.get(slug="omnibus")


def test_a_drawn_survey_is_estimated_with_its_weights(scene: Cast) -> None:
    survey, _secret = in_the_field(scene)
    carried = interviewed(survey, drawn=True)
    assert [one.state for one in beads(survey) if one.name == "results"] == ["later"]
    run = computed(opened(scene), scene.of(Role.RESEARCHER))
    assert run.stage == Stage.DONE, run.refusal
    result = analysis.result_of(run)
    nation = result.estimates.filter(
        (pl.col("indicator") == "region") & (pl.col("domain").fill_null("") == "")
    )
    shares = dict(nation.select("category", "estimate").iter_rows())
    whole = sum(carried.values())
    for region in REGIONS:
        assert shares[region] == pytest.approx(carried[region] / whole)
    assert result.psus == 6
    assert result.estimates["domain"].drop_nulls().str.contains("sample_region=KZ-10").any()
    assert [one.state for one in beads(survey) if one.name == "results"] == ["done"]


def test_a_survey_without_a_sample_is_estimated_as_it_came(scene: Cast) -> None:
    survey, _secret = in_the_field(scene)
    interviewed(survey, drawn=False)
    study = opened(scene)
    assert "[design]" not in study.declaration
    run = computed(study, scene.of(Role.RESEARCHER))
    assert run.stage == Stage.DONE, run.refusal
    again = computed(study, scene.of(Role.RESEARCHER))
    assert again.inputs == run.inputs
    assert again.manifest == run.manifest
