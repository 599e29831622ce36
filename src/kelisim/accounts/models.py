"""Tables of people, organisations and memberships."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import get_language

from kelisim.accounts.roles import Role


class People(BaseUserManager["User"]):
    """Makes people: an address and a password are all that is asked."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Return a new person."""
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the person with an address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. The name is optional, the language decides what is sent to them."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, default="kk")
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[People] = People()

    class Meta:
        """One address, one person, whatever the case."""

        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="one_person_an_address")
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Organisation(models.Model):
    """A polling house, a public body, a mediation centre."""

    name_kk = models.CharField(max_length=300)
    name_ru = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    slug = models.SlugField(unique=True)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The organisation's name in the language of the page."""
        language = (get_language() or "kk").partition("-")[0]
        return str(getattr(self, f"name_{language}", "") or self.name_kk)


class Membership(models.Model):
    """A person holds a role in an organisation."""

    person = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        """A role is held once."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"], name="a_role_is_held_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role} of {self.organisation}"
