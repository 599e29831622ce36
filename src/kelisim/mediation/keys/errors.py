"""Why a key does not open: each case apart, because each asks something else of a person."""

from __future__ import annotations


class KeyRefused(Exception):
    """A key does not open what it was tried on."""


class WrongSecret(KeyRefused):
    """The passphrase or the recovery key is not the one the private key was locked with."""


class NotAMember(KeyRefused):
    """There is no copy of the compartment's key for this person."""


class Altered(KeyRefused):
    """What was kept is not what was written: bytes were changed, or moved to another place."""


class Destroyed(KeyRefused):
    """The keys of the compartment were destroyed; nobody can read it again."""
