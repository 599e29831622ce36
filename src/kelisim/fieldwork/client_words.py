"""What the interviewer's form client says in English, and our words for it.

`web/prepare.py` puts a question about each of these texts into the client's files at set-up; the
page answers it in its own language.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kelisim.core.kazakh import names_of_days, names_of_months

PLACES: dict[str, str] = {
    'label: "Send"': "Send",
    '" Okay "': "Okay",
    '" Add "': "Add",
    '"Get location"': "Get location",
    '"Powered by"': "Powered by",
    '"Try again"': "Try again",
    '"Finding your location"': "Finding your location",
    '"No available options"': "No available options",
    '"An error occurred while loading this form"': "An error occurred while loading this form",
    '"Condition not satisfied: constraint"': "Condition not satisfied: constraint",
    '"Condition not satisfied: required"': "Condition not satisfied: required",
    '"1 question with error."': "1 question with error.",
    'label: "Change language"': "Change language",
    'GEOPOINT_ACCURACY_QUALITY.GOOD]: "Good accuracy"': "Good accuracy",
    'GEOPOINT_ACCURACY_QUALITY.ACCEPTABLE]: "Good accuracy"': "Good accuracy",
    'GEOPOINT_ACCURACY_QUALITY.POOR]: "Poor accuracy"': "Poor accuracy",
    'GEOPOINT_ACCURACY_QUALITY.UNKNOWN]: "Unknown accuracy"': "Unknown accuracy",
    '"Time taken to capture location: "': "Time taken to capture location:",
    'label: "Cancel"': "Cancel",
    '"Save location"': "Save location",
    '" Unable to load map "': "Unable to load map",
    'alt: "Captured image preview"': "Captured image preview",
    'literal: "Repeat Item"': "Repeat Item",
    'label: "Remove"': "Remove",
    '"Take picture"': "Take picture",
    '"Rank items"': "Rank items",
    '"There are missing options. Rank should have all options."': "Rank should have all options.",
    '"Location unavailable. Enable GPS and browser permissions, '
    'then restart the form to try again."': "Location unavailable.",
}
"""Pieces of the client's code that hold a text, and the text."""

WORDS = {
    "Send": _("Finish the interview"),
    "Okay": _("Good"),
    "Add": _("Add"),
    "Get location": _("Find the place"),
    "Powered by": _("Form client:"),
    "Try again": _("Try again"),
    "Finding your location": _("Finding the place"),
    "No available options": _("There is nothing to choose from"),
    "An error occurred while loading this form": _("The questionnaire could not be opened"),
    "Condition not satisfied: constraint": _("This answer does not fit"),
    "Condition not satisfied: required": _("This question needs an answer"),
    "1 question with error.": _("One answer is missing or does not fit."),
    "questions with errors": _("Answers that are missing or do not fit:"),
    "Change language": _("Change the language"),
    "Good accuracy": _("The place is exact"),
    "Poor accuracy": _("The place is not exact"),
    "Unknown accuracy": _("It is not known how exact the place is"),
    "Time taken to capture location:": _("Time it took to find the place:"),
    "Cancel": _("Cancel"),
    "Save location": _("Keep this place"),
    "Unable to load map": _("The map could not be loaded"),
    "Captured image preview": _("The picture that was taken"),
    "Repeat Item": _("Entry"),
    "Remove": _("Remove"),
    "Take picture": _("Take a picture"),
    "Rank items": _("Put in order"),
    "Rank should have all options.": _("Some choices are missing from the order."),
    "Location unavailable.": _(
        "The place could not be found. Let the browser see where you are, and open the page again."
    ),
}
"""From a text of the client to our words."""

CALENDAR: dict[str, Promise] = {
    "choose": _("Choose"),
    "upload": _("Add a file"),
    "cancel": _("Cancel"),
    "clear": _("Clear"),
    "today": _("Today"),
    "chooseYear": _("Choose the year"),
    "chooseMonth": _("Choose the month"),
    "chooseDate": _("Choose the date"),
    "prevYear": _("Year before"),
    "nextYear": _("Year after"),
    "prevMonth": _("Month before"),
    "nextMonth": _("Month after"),
    "emptyMessage": _("There is nothing to choose from"),
    "emptyFilterMessage": _("Nothing was found"),
    "emptySearchMessage": _("Nothing was found"),
    "emptySelectionMessage": _("Nothing is chosen"),
    "noFileChosenMessage": _("No file is chosen"),
    "searchMessage": _("Found: {0}"),
    "selectionMessage": _("Chosen: {0}"),
}
"""Texts of PrimeVue's controls, in which the client asks, by their names there."""

AROUND: dict[str, Promise] = {
    "close": _("Close"),
    "previous": _("Back"),
    "next": _("Next"),
    "moveUp": _("Move up"),
    "moveDown": _("Move down"),
    "moveTop": _("Move to the top"),
    "moveBottom": _("Move to the bottom"),
    "selectAll": _("Everything is chosen"),
    "unselectAll": _("Nothing is chosen"),
}
"""What PrimeVue's controls are called for those who listen to the page."""


def calendar(language: str) -> dict[str, object]:
    """Return PrimeVue's words in a language: of its controls, of days and of months."""
    days = names_of_days(language)
    months = names_of_months(language)
    return {
        **{name: str(told) for name, told in CALENDAR.items()},
        "aria": {name: str(told) for name, told in AROUND.items()},
        "dayNames": days,
        "dayNamesShort": names_of_days(language, short=True),
        "dayNamesMin": names_of_days(language, short=True),
        "monthNames": months,
        "monthNamesShort": [month[:3] for month in months],
        "firstDayOfWeek": 1,
        "dateFormat": "dd.mm.yy",
    }
