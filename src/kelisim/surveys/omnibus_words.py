"""The words of the example questionnaire: Kazakh, Russian, English."""

from __future__ import annotations

LANGUAGES = ("kk", "ru", "en")

Words = tuple[str, str, str]

TITLE: Words = ("Омнибус сауалнама", "Омнибусный опрос", "Omnibus poll")

QUESTIONS: dict[str, Words] = {
    "welcome": (
        "Сауалнама қоғам үшін маңызды мәселелерге арналған. Жауаптарыңыз тек жалпы түрде, "
        "есіміңізсіз жарияланады. Кез келген уақытта тоқтай аласыз.",
        "Опрос посвящён вопросам, важным для общества. Ответы публикуются только в обобщённом "
        "виде, без имён. Вы можете остановиться в любую минуту.",
        "This poll is about matters of public concern. Answers are published only in summary, "
        "without names. You may stop at any time.",
    ),
    "consent": (
        "Сауалнамаға қатысуға келісесіз бе?",
        "Вы согласны принять участие в опросе?",
        "Do you agree to take part?",
    ),
    "interview": ("Сұрақтар", "Вопросы", "Questions"),
    "region": ("Қай өңірде тұрасыз?", "В каком регионе вы живёте?", "Which region do you live in?"),
    "settlement": (
        "Қалада тұрасыз ба, ауылда ма?",
        "Вы живёте в городе или в селе?",
        "Do you live in a town or in a village?",
    ),
    "sex": ("Жынысыңыз", "Ваш пол", "Your sex"),
    "age": ("Жасыңыз нешеде?", "Сколько вам полных лет?", "How old are you?"),
    "work": ("Немен айналысасыз?", "Чем вы занимаетесь?", "What do you do?"),
    "hours": (
        "Аптасына әдетте неше сағат жұмыс істейсіз?",
        "Сколько часов в неделю вы обычно работаете?",
        "How many hours a week do you usually work?",
    ),
    "children": (
        "Өзіңізбен бірге 18 жасқа толмаған неше бала тұрады?",
        "Сколько детей младше 18 лет живёт вместе с вами?",
        "How many children under 18 live with you?",
    ),
    "child": ("Бала", "Ребёнок", "Child"),
    "child_age": (
        "Бұл баланың жасы нешеде?",
        "Сколько лет этому ребёнку?",
        "How old is this child?",
    ),
    "child_school": (
        "Ол мектепке бара ма?",
        "Посещает ли он или она школу?",
        "Does he or she go to school?",
    ),
    "trust": ("Сенім", "Доверие", "Trust"),
    "trust_note": (
        "Мына мекемелерге қаншалықты сенесіз?",
        "Насколько вы доверяете этим учреждениям?",
        "How much do you trust these institutions?",
    ),
    "akimat": ("Жергілікті әкімдік", "Местный акимат", "The local akimat"),
    "courts": ("Соттар", "Суды", "The courts"),
    "police": ("Полиция", "Полиция", "The police"),
    "schools": ("Мектептер", "Школы", "Schools"),
    "clinics": ("Емханалар", "Поликлиники", "Clinics"),
    "media_trust": ("Бұқаралық ақпарат құралдары", "Средства массовой информации", "The media"),
    "problem_area": (
        "Тұрған жеріңіздегі ең өзекті мәселе қай салада?",
        "В какой сфере самая острая проблема там, где вы живёте?",
        "In which area is the most pressing problem where you live?",
    ),
    "problem": (
        "Нақты қай мәселе?",
        "Какая именно проблема?",
        "Which problem exactly?",
    ),
    "problem_words": ("Өз сөзіңізбен айтыңыз", "Опишите своими словами", "In your own words"),
    "sources": (
        "Жаңалықтарды қайдан білесіз? Үшке дейін таңдаңыз.",
        "Откуда вы узнаёте новости? Выберите не более трёх.",
        "Where do you get the news? Choose up to three.",
    ),
    "priorities": (
        "Маңыздысынан бастап рет-ретімен қойыңыз",
        "Расположите по важности, начиная с самого важного",
        "Put these in order, the most important first",
    ),
    "satisfaction": (
        "Жалпы алғанда өміріңізге қаншалықты ризасыз? 0 — мүлде риза емеспін, 10 — толық ризамын.",
        "Насколько вы в целом довольны своей жизнью? 0 — совсем нет, 10 — полностью.",
        "All in all, how satisfied are you with your life? 0 is not at all, 10 completely.",
    ),
    "visit": (
        "Халыққа қызмет көрсету орталығына соңғы рет қашан бардыңыз?",
        "Когда вы в последний раз были в центре обслуживания населения?",
        "When did you last visit a public service centre?",
    ),
    "income": (
        "Отбасыңыздың айлық табысы шамамен қанша теңге?",
        "Каков примерно доход вашей семьи в месяц, в тенге?",
        "About how much is your family's income a month, in tenge?",
    ),
    "summary": (
        "Мектеп жасындағы балалар саны: ${school_children}.",
        "Детей школьного возраста: ${school_children}.",
        "Children of school age: ${school_children}.",
    ),
    "refused": (
        "Рақмет. Сізге басқа сұрақ жоқ.",
        "Спасибо. Больше вопросов нет.",
        "Thank you. There are no more questions.",
    ),
}

COMMENTS: dict[str, Words] = {
    "age, constraint": (
        "Сауалнамаға 18–110 жас аралығындағылар қатысады.",
        "В опросе участвуют люди от 18 до 110 лет.",
        "The poll is for people aged 18 to 110.",
    ),
    "hours, constraint": (
        "0-ден көп, 100-ден аспайтын сан жазыңыз.",
        "Напишите число больше 0 и не больше 100.",
        "Write a number above 0 and not above 100.",
    ),
    "children, constraint": (
        "0 мен 12 аралығындағы сан жазыңыз.",
        "Напишите число от 0 до 12.",
        "Write a number from 0 to 12.",
    ),
    "child_age, constraint": (
        "0 мен 17 аралығындағы сан жазыңыз.",
        "Напишите число от 0 до 17.",
        "Write a number from 0 to 17.",
    ),
    "sources, constraint": (
        "Үштен артық таңдамаңыз; «Ешқайдан» басқасымен бірге таңдалмайды.",
        "Не больше трёх; «Ниоткуда» не сочетается с другими ответами.",
        "No more than three; “Nowhere” cannot be combined with others.",
    ),
    "visit, constraint": (
        "Бұл күн әлі келген жоқ.",
        "Этот день ещё не наступил.",
        "That day has not come yet.",
    ),
    "income, constraint": (
        "Теріс сан болмайды.",
        "Число не может быть отрицательным.",
        "It cannot be below zero.",
    ),
    "income, hint": (
        "Айтқыңыз келмесе, бос қалдырыңыз.",
        "Если не хотите отвечать, оставьте пустым.",
        "Leave it empty if you prefer not to say.",
    ),
}

_OTHER: Words = ("Басқа", "Другое", "Other")

ANSWERS: dict[str, dict[str, tuple[Words, str]]] = {
    "yes_no": {"yes": (("Иә", "Да", "Yes"), ""), "no": (("Жоқ", "Нет", "No"), "")},
    "place": {
        "urban": (("Қалада", "В городе", "In a town"), ""),
        "rural": (("Ауылда", "В селе", "In a village"), ""),
    },
    "sex": {
        "female": (("Әйел", "Женский", "Female"), ""),
        "male": (("Ер", "Мужской", "Male"), ""),
    },
    "work": {
        "employed": (("Жұмыс істеймін", "Работаю", "I work"), ""),
        "study": (("Оқимын", "Учусь", "I study"), ""),
        "home": (("Үй шаруасымен айналысамын", "Веду домашнее хозяйство", "I keep house"), ""),
        "retired": (("Зейнеткермін", "На пенсии", "I am retired"), ""),
        "seeking": (("Жұмыс іздеймін", "Ищу работу", "I am looking for work"), ""),
    },
    "trust": {
        "5": (("Толық сенемін", "Полностью доверяю", "Completely"), ""),
        "4": (("Көбіне сенемін", "Скорее доверяю", "Mostly"), ""),
        "3": (("Бірдеңе деу қиын", "Трудно сказать", "Hard to say"), ""),
        "2": (("Онша сенбеймін", "Скорее не доверяю", "Not much"), ""),
        "1": (("Мүлде сенбеймін", "Совсем не доверяю", "Not at all"), ""),
    },
    "area": {
        "roads": (("Жол және көлік", "Дороги и транспорт", "Roads and transport"), ""),
        "water": (("Су және жарық", "Вода и электричество", "Water and power"), ""),
        "health": (("Денсаулық сақтау", "Здравоохранение", "Health care"), ""),
    },
    "problem": {
        "repair": (("Жол жөнделмеген", "Дороги не ремонтируют", "Roads are not repaired"), "roads"),
        "buses": (("Автобус сирек жүреді", "Автобусы ходят редко", "Buses are rare"), "roads"),
        "cuts": (("Жарық жиі өшеді", "Часто отключают свет", "Power cuts are frequent"), "water"),
        "quality": (("Судың сапасы нашар", "Плохое качество воды", "The water is bad"), "water"),
        "queues": (("Дәрігерге кезек ұзақ", "Долгие очереди к врачу", "Long waits"), "health"),
        "distance": (("Емхана алыс", "Поликлиника далеко", "The clinic is far"), "health"),
        "other": (_OTHER, "health"),
    },
    "source": {
        "tv": (("Теледидар", "Телевидение", "Television"), ""),
        "sites": (("Жаңалықтар сайттары", "Новостные сайты", "News sites"), ""),
        "social": (("Әлеуметтік желілер", "Социальные сети", "Social networks"), ""),
        "radio": (("Радио", "Радио", "Radio"), ""),
        "people": (("Таныстар", "Знакомые", "People I know"), ""),
        "none": (("Ешқайдан", "Ниоткуда", "Nowhere"), ""),
    },
    "priority": {
        "jobs": (("Жұмыс орындары", "Рабочие места", "Jobs"), ""),
        "prices": (("Баға", "Цены", "Prices"), ""),
        "schools": (("Мектептер", "Школы", "Schools"), ""),
        "ecology": (("Экология", "Экология", "The environment"), ""),
    },
}
