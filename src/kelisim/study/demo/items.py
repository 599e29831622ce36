"""The questions of the demo poll and the words of their answers, in Kazakh, Russian and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kelisim.study.model import Text


@dataclass(frozen=True, slots=True)
class Item:
    """A question with a list of answers; ``choices`` maps the code of an answer to its words."""

    name: str
    wording: Text
    choices: Mapping[str, Text]


def _text(kk: str, ru: str, en: str) -> Text:
    return {"kk": kk, "ru": ru, "en": en}


def _coded(*answers: Text) -> dict[str, Text]:
    return {str(code): answer for code, answer in enumerate(answers, start=1)}


TITLE = _text(
    "Демонстрациялық ел: Қазақстанның 20 өңірі бойынша модельденген сауалнама "
    "(нақты адамдардың пікірі емес)",
    "Демонстрационная страна: смоделированный опрос по 20 регионам Казахстана "
    "(это не мнения реальных людей)",
    "Demo country: a simulated poll in the 20 regions of Kazakhstan "
    "(these are not the opinions of real people)",
)

NOTICE = _text(
    "Бұл сауалнама модельденген: жауаптарды компьютер кездейсоқ таңдаған, олар бірде-бір өңір, "
    "әкім немесе мекеме туралы ештеңе білдірмейді.",
    "Этот опрос смоделирован: ответы выбраны компьютером случайно и ничего не говорят "
    "ни об одном регионе, акиме или учреждении.",
    "This poll is simulated: the answers were chosen at random by a computer and say nothing "
    "about any region, akim or institution.",
)

HARD_TO_ANSWER = _text("Жауап беру қиын", "Затрудняюсь ответить", "Hard to answer")

AKIM = Item(
    "akim",
    _text(
        "Облысыңыз (қалаңыз) әкімінің жұмысына қанағаттанасыз ба?",
        "Удовлетворены ли Вы работой акима Вашей области (города)?",
        "Are you satisfied with the work of the akim of your region (city)?",
    ),
    _coded(
        _text("Толық қанағаттанамын", "Да, полностью", "Yes, fully"),
        _text("Көбіне қанағаттанамын", "Скорее да", "Rather yes"),
        _text("Көбіне қанағаттанбаймын", "Скорее нет", "Rather no"),
        _text("Мүлдем қанағаттанбаймын", "Совсем нет", "Not at all"),
        HARD_TO_ANSWER,
    ),
)

TRUST = Item(
    "trust",
    _text(
        "Қазақстан Республикасының Үкіметіне сенесіз бе?",
        "Доверяете ли Вы Правительству Республики Казахстан?",
        "Do you trust the Government of the Republic of Kazakhstan?",
    ),
    _coded(
        _text("Толық сенемін", "Полностью доверяю", "Trust fully"),
        _text("Көбіне сенемін", "Скорее доверяю", "Rather trust"),
        _text("Көбіне сенбеймін", "Скорее не доверяю", "Rather do not trust"),
        _text("Мүлдем сенбеймін", "Совсем не доверяю", "Do not trust at all"),
        HARD_TO_ANSWER,
    ),
)

LIFE = Item(
    "life",
    _text(
        "Соңғы бір жылда өміріңіз қалай өзгерді?",
        "Как изменилась Ваша жизнь за последний год?",
        "How has your life changed over the past year?",
    ),
    _coded(
        _text("Жақсарды", "Улучшилась", "Got better"),
        _text("Өзгерген жоқ", "Не изменилась", "Did not change"),
        _text("Нашарлады", "Ухудшилась", "Got worse"),
        HARD_TO_ANSWER,
    ),
)

MEDIA = Item(
    "media",
    _text(
        "Жаңалықтарды көбіне қайдан білесіз?",
        "Откуда Вы чаще всего узнаёте новости?",
        "Where do you mostly get the news from?",
    ),
    _coded(
        _text("Теледидардан", "По телевидению", "Television"),
        _text("Газеттен немесе радиодан", "Из газет или по радио", "Newspapers or radio"),
        _text("Айналамдағы адамдардан", "От окружающих людей", "People around me"),
        _text("Интернет-сайттардан", "На сайтах в интернете", "Websites"),
        _text(
            "Әлеуметтік желілер мен мессенджерлерден",
            "Из социальных сетей и мессенджеров",
            "Social networks and messengers",
        ),
    ),
)

OPINIONS = (AKIM, TRUST, LIFE, MEDIA)

INCOME_WORDING = _text(
    "Өткен айда отбасыңыздың барлық табысы қанша теңге болды?",
    "Каков был общий доход Вашей семьи за прошлый месяц, в тенге?",
    "What was the total income of your household last month, in tenge?",
)

REGION_WORDING = _text("Өңір", "Регион", "Region")

SETTLEMENT = Item(
    "settlement",
    _text("Қоныс түрі", "Тип населённого пункта", "Type of settlement"),
    {"urban": _text("Қала", "Город", "Urban"), "rural": _text("Ауыл", "Село", "Rural")},
)

SEX = Item(
    "sex",
    _text("Жынысы", "Пол", "Sex"),
    {"female": _text("Әйел", "Женщина", "Woman"), "male": _text("Ер адам", "Мужчина", "Man")},
)

AGE = Item(
    "age",
    _text("Жасыңыз нешеде?", "Сколько Вам лет?", "How old are you?"),
    {
        "18-29": _text("18–29 жас", "18–29 лет", "18–29"),
        "30-44": _text("30–44 жас", "30–44 года", "30–44"),
        "45-59": _text("45–59 жас", "45–59 лет", "45–59"),
        "60+": _text("60 жас және одан жоғары", "60 лет и старше", "60 and over"),
    },
)

GROUP = Item(
    "group",
    _text("Ұлтыңыз", "Ваша национальность", "Your ethnic group"),
    {
        "kazakh": _text("Қазақ", "Казахи", "Kazakh"),
        "russian": _text("Орыс", "Русские", "Russian"),
        "other": _text("Басқа", "Другие", "Other"),
    },
)
