"""The inventory of ARCHITECTURE.md: every module with the first line of its docstring.

``python tests/house/inventory.py`` prints it; `test_architecture` holds the document to it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "kelisim"


def modules() -> Iterator[Path]:
    """Yield every module of the package, packages before what they hold."""
    found = (path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    order = sorted(
        found, key=lambda path: (path.parent.parts, path.name != "__init__.py", path.name)
    )
    return iter(order)


def sentence(path: Path) -> str:
    """Return the first line of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


def rows() -> list[str]:
    """Return the lines of the inventory, a list item a module."""
    lines = []
    for path in modules():
        inside = path.relative_to(SOURCE)
        if path.name == "__init__.py":
            lines.append(f"- **{inside.parent.as_posix()}/** {sentence(path)}")
        else:
            lines.append(f"  - `{inside.name}` {sentence(path)}")
    return lines


if __name__ == "__main__":
    print("\n".join(rows()))  # noqa: T201  (printing is what this script is for)
