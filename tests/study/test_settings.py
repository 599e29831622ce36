"""study.toml is read strictly: keys known, values of their kind, refusals at their lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kelisim.core.errors import IndicatorRefused, Refusal, SettingRefused
from kelisim.study.model import SmallAreaSettings, Study, TableFile
from kelisim.study.settings import read_study, settings_of

LEAST = """[study]
title = {en = "A poll"}
[interviews]
file = "interviews.csv"
[[indicator]]
name = "trust"
"""

WHOLE = """[study]
title = {en = "A poll", ru = "Опрос", kk = "Сауалнама"}
country = "KZ"
fieldwork = {start = 2026-03-02, end = 2026-03-20}
sponsor = "S"
conductor = "C"
mode = "face-to-face"

[interviews]
file = "i.sav"
id = "case_id"
interviewer = "int_id"
start = "t0"
end = "t1"
lat = "y"
lon = "x"
missing = ["NA", "", -9]

[design]
weight = "w"
strata = "h"
psu = ["town", "house"]
nest = true
fpc = "N_h"
lonely_psu = "adjust"

[questionnaire]
file = "q.xlsx"

[population]
file = "p.csv"
count = "people"
rake = ["state", "sex * educ"]
bounds = [0.2, 5]

[replicates]
method = "bootstrap"
count = 500
rerake = true

[[indicator]]
name = "trust"
column = "q1"
yes = ["Always", 4]
threshold = {above = 0.30}

[[indicator]]
name = "income"
kind = "quantile"
at = [0.25, 0.5]

[[indicator]]
name = "rate"
kind = "ratio"
numerator = "a"
denominator = "b"

[domains]
by = [["Gender"], ["region", "Gender"]]

[smallarea]
area = "state"
cells = ["eth", "male"]
area_predictors = {file = "states.csv", columns = ["repvote"]}
indicators = ["trust"]
interactions = ["male*eth"]
neighbours = {file = "pairs.csv", columns = ["one", "other"]}
draws = 2000
"""


def declared(folder: Path, text: str) -> Path:
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def refusals(folder: Path, text: str) -> list[Refusal]:
    return settings_of(declared(folder, text))[1]


def only(folder: Path, text: str) -> Refusal:
    (refusal,) = refusals(folder, text)
    return refusal


def test_the_least_study_takes_every_default(tmp_path: Path) -> None:
    study = read_study(declared(tmp_path, LEAST))
    assert study == Study(
        folder=tmp_path,
        title={"en": "A poll"},
        country="",
        interviews=study.interviews,
        design=study.design,
        indicators=study.indicators,
    )
    assert study.interviews.file == tmp_path / "interviews.csv"
    assert study.design.lonely_psu == "fail"
    (indicator,) = study.indicators
    assert (indicator.kind, indicator.column) == ("categorical", "trust")


def test_every_setting_of_the_contract_is_read(tmp_path: Path) -> None:
    study = read_study(declared(tmp_path, WHOLE))
    assert study.fieldwork == (date(2026, 3, 2), date(2026, 3, 20))
    assert study.interviews.missing == ("NA", "", "-9")
    assert study.interviews.lat == "y"
    assert study.design.psu == ("town", "house")
    assert study.design.fpc == ("N_h",)
    assert study.questionnaire == tmp_path / "q.xlsx"
    assert study.population is not None
    assert study.population.rake == (("state",), ("sex", "educ"))
    assert study.population.bounds == (0.2, 5.0)
    trust, income, rate = study.indicators
    assert trust.yes == ("Always", "4")
    assert trust.threshold == 0.3
    assert income.at == (0.25, 0.5)
    assert (rate.column, rate.numerator, rate.denominator) == (None, "a", "b")
    assert study.domains == (("Gender",), ("region", "Gender"))
    assert study.sections["replicates"] == {"method": "bootstrap", "count": 500, "rerake": True}
    assert study.smallarea == SmallAreaSettings(
        method="mrp",
        area="state",
        indicators=("trust",),
        cells=("eth", "male"),
        interactions=(("male", "eth"),),
        predictors=TableFile(tmp_path / "states.csv", ("repvote",)),
        neighbours=TableFile(tmp_path / "pairs.csv", ("one", "other")),
        draws=2000,
    )


def test_the_median_is_the_quantile_that_is_meant(tmp_path: Path) -> None:
    study = read_study(declared(tmp_path, LEAST + 'kind = "quantile"\n'))
    assert study.indicators[0].at == (0.5,)


@pytest.mark.parametrize(
    ("written", "wrong", "words"),
    [
        ('weight = "w"', 'weigth = "w"', "Did you mean 'weight'?"),
        ('title = {en = "A poll", ru', 'title = {en = "A poll", rus', "kk, ru, en"),
        ("[replicates]", "[replicate]", "Did you mean 'replicates'?"),
        ('country = "KZ"', "country = 7", "must be a text in quotation marks, and is"),
        ("end = 2026-03-20", "end = 2026-03-01", "two days in order"),
        ("end = 2026-03-20", 'end = "20 March"', "two days in order"),
        ('sponsor = "S"', 'sponsor = " "', "a text in quotation marks"),
        ('missing = ["NA", "", -9]', 'missing = "NA"', 'and is the text "NA"'),
        ('psu = ["town", "house"]', "psu = []", "a column name, or a list"),
        ("nest = true", 'nest = "yes"', 'must be true or false, and is the text "yes"'),
        ('"adjust"', '"adjusts"', 'one of "fail", "certainty", "adjust", "average"'),
        ("bounds = [0.2, 5]", "bounds = [5, 0.2]", "two positive numbers"),
        ("bounds = [0.2, 5]", 'bounds = ["a", 5]', "a number"),
        ('"sex * educ"', '"sex*sex"', "a list of margins"),
        ("count = 500", "count = 0", "a whole number of at least 1"),
        ('lat = "y"', "lat = {a = 1, b = 2}", "and is a table with the keys a, b"),
        ('lat = "y"', "lat = 2026-03-02", "and is the date 2026-03-02"),
        ("at = [0.25, 0.5]", "at = [0.5, 0.5]", "a list of different levels"),
        ("bounds = [0.2, 5]", "bounds = [0.2]", "two positive numbers"),
        ('method = "bootstrap"', 'method = "boot"', '"bootstrap"'),
        ("{above = 0.30}", "{over = 0.30}", "{above = 0.30}"),
        ("{above = 0.30}", "0.30", "and is the number 0.3"),
        ("at = [0.25, 0.5]", "at = [25, 50]", "between 0 and 1"),
        ('[["Gender"], ["region", "Gender"]]', '["Gender"]', "a list of lists"),
        ('[["Gender"], ["region", "Gender"]]', '[["Gender", "Gender"]]', "a list of lists"),
        ('[["Gender"], ["region", "Gender"]]', '[["a", "b"], ["b", "a"]]', "given twice"),
        ('indicators = ["trust"]', 'indicators = ["trst"]', "Did you mean 'trust'?"),
        ('columns = ["repvote"]}', 'column = ["repvote"]}', "'columns'"),
        ('cells = ["eth", "male"]', 'cells = ["eth", 3]', "a list of texts"),
        ('cells = ["eth", "male"]', 'cells = ["male", "eth", "state"]', "'state' is the area and"),
        ('"male*eth"', '"male*educ"', "'male*educ' is not an interaction"),
        ('"male*eth"', '"male"', "Cross two or more of"),
        ('["one", "other"]', '["one"]', "the two columns that name"),
        ('indicators = ["trust"]', 'indicators = ["income"]', "of the kind quantile, is not one"),
    ],
)
def test_a_wrong_setting_is_refused_at_its_line(
    tmp_path: Path, written: str, wrong: str, words: str
) -> None:
    assert WHOLE.count(written) == 1
    refusal = refusals(tmp_path, WHOLE.replace(written, wrong))[0]
    assert isinstance(refusal, SettingRefused)
    line = WHOLE[: WHOLE.index(written)].count("\n") + 1
    assert refusal.where == f"study.toml, line {line}", str(refusal)
    assert words in str(refusal)


def test_cells_of_no_population_are_refused(tmp_path: Path) -> None:
    text = LEAST + '[smallarea]\narea = "state"\ncells = ["sex"]\n'
    assert "Add [population] with the file of the cells" in str(only(tmp_path, text))


def test_direct_estimates_have_no_cells(tmp_path: Path) -> None:
    areas = '[smallarea]\nmethod = "fay_herriot"\narea = "state"\n'
    text = LEAST + 'yes = ["a"]\n' + areas
    assert refusals(tmp_path, text) == []
    refusal = only(tmp_path, text + 'cells = ["sex"]\n')
    assert "'cells' does not belong to the method fay_herriot." in str(refusal)
    several = only(tmp_path, LEAST + areas)
    assert "No indicator of the study is one that the method fay_herriot" in str(several)


def test_without_a_list_the_indicators_are_those_that_can_be_modelled(tmp_path: Path) -> None:
    text = WHOLE.replace('indicators = ["trust"]\n', "")
    areas = read_study(declared(tmp_path, text)).smallarea
    assert areas is not None
    assert areas.indicators == ("trust",)


@pytest.mark.parametrize(
    ("section", "missing"),
    [
        ("[study]\ntitle", "title"),
        ("[interviews]\nfile", "file"),
        ("[[indicator]]\nname", "name"),
    ],
)
def test_a_setting_that_must_be_there_is_asked_for(
    tmp_path: Path, section: str, missing: str
) -> None:
    head = section.split("\n")[0]
    text = LEAST.replace(section, f"{head}\n#")
    assert f"{head} has no '{missing}'." in str(only(tmp_path, text))


def test_a_missing_section_asks_for_what_it_must_hold(tmp_path: Path) -> None:
    text = '[[indicator]]\nname = "trust"\n'
    assert [str(one) for one in refusals(tmp_path, text)] == [
        "study.toml: [study] has no 'title'. Add the setting title = ...",
        "study.toml: [interviews] has no 'file'. Add the setting file = ...",
    ]


def test_a_section_that_is_no_table_is_refused(tmp_path: Path) -> None:
    refusal = only(tmp_path, "design = 3\n" + LEAST)
    assert "[design] must be a table of settings, and is the number 3." in str(refusal)


def test_two_indicators_of_one_name_are_refused_with_both_lines(tmp_path: Path) -> None:
    refusal = only(tmp_path, LEAST + '[[indicator]]\nname = "trust"\ncolumn = "b"\n')
    assert isinstance(refusal, IndicatorRefused)
    assert "Two indicators have the name 'trust'; the other stands at study.toml, line 6." in str(
        refusal
    )
    assert refusal.where == "study.toml, line 8"


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        ('kind = "mean"\nat = [0.5]', "'at' does not belong to an indicator of the kind mean"),
        ('kind = "ratio"\nnumerator = "a"', "needs a 'denominator'"),
        (
            'kind = "ratio"\nnumerator = "a"\ndenominator = "b"\ncolumn = "c"',
            "'column' does not belong",
        ),
        ('kind = "quantile"\nyes = ["1"]', "'yes' does not belong"),
        ("threshold = {above = 0.3}", "one number a domain"),
        ('kind = "quantile"\nat = [0.1, 0.9]\nthreshold = {above = 3}', "one number a domain"),
        ('kind = "median"', 'one of "categorical", "mean", "total", "ratio", "quantile"'),
    ],
)
def test_settings_that_do_not_suit_the_kind_are_refused(
    tmp_path: Path, indicator: str, words: str
) -> None:
    assert words in str(only(tmp_path, LEAST + indicator + "\n"))


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        ("", "The study has no indicators."),
        ('[indicator]\nname = "a"\n', "'indicator' is not a list of tables."),
        ("indicator = []\n", "'indicator' is not a list of tables."),
    ],
)
def test_indicators_are_asked_for_with_double_brackets(
    tmp_path: Path, indicator: str, words: str
) -> None:
    text = LEAST[: LEAST.index("[[")]
    refusal = only(tmp_path, indicator + text if "= []" in indicator else text + indicator)
    assert words in str(refusal)
    assert "[[indicator]]" in refusal.do


def test_one_look_finds_every_refusal_and_reading_raises_the_first(tmp_path: Path) -> None:
    text = WHOLE.replace("nest = true", "nest = 1").replace('country = "KZ"', "cuntry = 1")
    found = refusals(tmp_path, text)
    assert [one.where for one in found] == ["study.toml, line 23", "study.toml, line 3"]
    with pytest.raises(SettingRefused, match="'nest'"):
        read_study(tmp_path)
