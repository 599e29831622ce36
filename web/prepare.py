"""Put the form client where the site serves it from: its files as they are, but for their words.

``npm ci`` fetched the client into node_modules; this writes web/built. Nothing of either is
committed. A text that is not where it is expected ends this with a sentence: the client changed.
"""

import re
import shutil
import sys
from pathlib import Path

from kelisim.fieldwork.client_words import PLACES

HERE = Path(__file__).resolve().parent
CLIENT = HERE / "node_modules" / "@getodk" / "web-forms" / "dist"
VUE = HERE / "node_modules" / "vue" / "dist" / "vue.runtime.esm-browser.prod.js"
SHOWN = re.compile(r"\w+\.value = (\w+)\.instance\?\.mode === \"edit\";")
OPENED = re.compile(
    r"resolvableFormInstanceInput\((\w+)\.editInstance\), "
    r"(\w+) = await (\w+)\.editInstance\((\w+), (\w+)\)"
)
MANY = re.compile(r"`\$\{(\w+)\} questions with errors\.`")


def asked(text: str) -> str:
    """Return code that asks the page for its word."""
    return f'(globalThis.kelisimWords?.["{text}"] ?? "{text}")'


def reworded(code: str) -> str:
    """Return the client's code with its texts asked for."""
    for place, text in PLACES.items():
        if place not in code:
            raise SystemExit(f"The form client no longer says {place}: look at client_words.py.")
        code = code.replace(place, place.replace(f'"{place.split(chr(34))[1]}"', asked(text)))
    many = "questions with errors"
    code, found = MANY.subn(lambda m: f"`${{{asked(many)}}} ${{{m[1]}}}`", code)
    if found != 1:
        raise SystemExit("The form client counts its errors otherwise: look at prepare.py.")
    return with_hooks(code)


def with_hooks(code: str) -> str:
    """Return the client's code that hands its form to the page, and goes on with a draft.

    It edits what was sent before, under a new number; its engine can also restore what was not
    sent yet, and nothing of the client asks for it.
    """
    code, shown = SHOWN.subn(r"\g<0> globalThis.kelisimForm?.(\1.root);", code)
    code, opened = OPENED.subn(
        r"resolvableFormInstanceInput(\1.editInstance), \2 = await (\1.editInstance.restored"
        r" ? \3.restoreInstance({ data: [\1.editInstance.restored] }, \5)"
        r" : \3.editInstance(\4, \5))",
        code,
    )
    if (shown, opened) != (1, 1):
        raise SystemExit("The form client opens its forms otherwise: look at prepare.py.")
    return code


def main() -> None:
    """Write web/built."""
    if not CLIENT.is_dir():
        raise SystemExit("The form client is not here: run `npm ci` in web/ first.")
    built = HERE / "built"
    shutil.rmtree(built, ignore_errors=True)
    built.mkdir()
    for source in CLIENT.glob("*.js"):
        code = source.read_text(encoding="utf-8")
        if 'label: "Send"' in code:
            code = reworded(code)
        # A bare name needs an import map, which a strict policy does not let a page have.
        code = re.sub(r'(from\s*)"vue"', r'\1"./vue.js"', code)
        (built / source.name).write_text(code, encoding="utf-8")
    shutil.copy(VUE, built / "vue.js")
    sys.stdout.write(f"The form client is in {built}.\n")


if __name__ == "__main__":
    main()
