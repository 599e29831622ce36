"""What ``import kelisim`` gives, and what it does not cost."""

from __future__ import annotations

import subprocess
import sys

import pytest

import kelisim


@pytest.mark.parametrize("name", kelisim.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(kelisim, name)
    assert isinstance(found, str) or found.__doc__
    assert name in dir(kelisim)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'rakes'"):
        _ = kelisim.rakes


def test_importing_kelisim_loads_no_numerical_library() -> None:
    code = "import sys, kelisim; print(sorted({'numpy', 'polars', 'scipy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
