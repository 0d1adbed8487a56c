"""Who is here: hosts with an account, listeners without."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    """People are named by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A host or an operator."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.email


class Listener(models.Model):
    """Someone who rates: a signed cookie, perhaps a name, no account."""

    class Headphones(models.TextChoices):
        PASSED = "passed"
        FAILED = "failed"
        SKIPPED = "skipped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=40, blank=True)  # empty: they gave none, and nobody is told one
    headphones = models.CharField(max_length=7, blank=True, choices=Headphones)  # how the last check of them went
    headphones_at = models.DateTimeField(null=True, blank=True)
    # A program that plays a listener: it may come into rehearsals only, so that nobody counts it among people.
    is_simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name or f"listener {str(self.pk)[:8]}"


class ConsentText(models.Model):
    """What listeners were asked to agree to, word for word. A changed text is another version."""

    version = models.CharField(max_length=40)
    language = models.CharField(max_length=2, blank=True)  # empty where its host wrote it in one of their own
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "language"), name="accounts_one_text_a_version"),)

    def __str__(self) -> str:
        return f"{self.version} {self.language}".rstrip()


class Consent(models.Model):
    """That a listener agreed to a text, and when."""

    listener = models.ForeignKey(Listener, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("listener", "text"), name="accounts_one_consent_a_text"),)

    def __str__(self) -> str:
        return f"{self.listener} to {self.text}"
