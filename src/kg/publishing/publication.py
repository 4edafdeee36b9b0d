"""Who publishes the graph, where, and on which terms: settings `KG_…` that end up in the catalogue."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from kg.errors import SettingsError
from kg.namespaces import BASE
from kg.publishing import codelists
from kg.publishing.codelists import CodeList


def words(value: object) -> object:
    """The words of a setting that is a text with spaces between; anything else as it is."""
    return value.split() if isinstance(value, str) else value


def _one_of(known: CodeList) -> AfterValidator:
    def check(code: str) -> str:
        if code not in known.names:
            raise ValueError(f"'{code}' is not known; choose from {', '.join(known.names)}")
        return code

    return AfterValidator(check)


def _folder(url: AnyHttpUrl | None) -> AnyHttpUrl | None:
    if url and (url.query or url.fragment):
        raise ValueError("it should have neither ? nor #")
    return url


P = TypeVar("P", bound="Publication")
Words = Annotated[list[str], NoDecode, BeforeValidator(words), Field(min_length=1)]


class Publication(BaseSettings):
    """What the catalogue says of its publisher and of every dataset; see docs/publishing.md."""

    model_config = SettingsConfigDict(env_prefix="KG_", env_ignore_empty=True, extra="ignore")

    public_url: Annotated[AnyHttpUrl | None, AfterValidator(_folder)] = None
    """The address by which visitors know the service; without it documents name the lasting addresses."""
    publisher: AnyHttpUrl | None = None
    """The IRI of who publishes, from a list such as TOOI; without it that is this project."""
    publisher_name: str = Field(default="Spoorboek", min_length=1, max_length=200)
    """What the publisher is called."""
    creator: AnyHttpUrl | None = None
    """The IRI of who made the graph; without it that is this project."""
    creator_name: str = Field(default="Spoorboek", min_length=1, max_length=200)
    """What the creator is called."""
    contact_name: str = Field(default="Beheer van Spoorboek", min_length=1, max_length=200)
    """Whom to write to about the service and the data."""
    contact_email: str = Field(default="beheer@spoorboek.example", pattern=r"^[^@\s<>\"]+@[^@\s<>\"]+$")
    """Where to write to them."""
    contact_url: AnyHttpUrl | None = None
    """A page about reaching them."""
    licence: Annotated[str, _one_of(codelists.LICENCES)] = "cc0"
    """The licence, as a code of the list of Geonovum."""
    access_rights: Annotated[str, _one_of(codelists.ACCESS_RIGHTS)] = "PUBLIC"
    """Who may have the data, as a code of the EU list."""
    frequency: Annotated[str, _one_of(codelists.FREQUENCIES)] = "IRREG"
    """How often there is a new edition, as a code of the EU list."""
    themes: Annotated[Words, AfterValidator(lambda codes: _all_known(codes, codelists.THEMES))] = ["GOVE", "TECH"]
    """What the data is about, as codes of the EU list."""
    languages: Annotated[Words, AfterValidator(lambda codes: _all_known(codes, codelists.LANGUAGES))] = ["NLD", "ENG"]
    """The languages of the texts, as codes of the EU list."""

    @model_validator(mode="after")
    def _name_goes_with_iri(self) -> "Publication":
        for role in ("publisher", "creator"):
            if getattr(self, role) and f"{role}_name" not in self.model_fields_set:
                raise ValueError(
                    f"KG_{role.upper()} names somebody: say in KG_{role.upper()}_NAME what they are called"
                )
        return self

    @property
    def base(self) -> str:
        """What addresses of documents begin with, up to and with a slash."""
        return f"{self.public_url}".rstrip("/") + "/" if self.public_url else BASE

    @property
    def gaps(self) -> list[str]:
        """What should be set before the catalogue is given to others, in words."""
        gaps = []
        if not self.public_url:
            gaps.append(f"the release was built without KG_PUBLIC_URL: its addresses begin with {BASE}")
        if self.contact_email.endswith(".example"):
            gaps.append(f"the release was built without KG_CONTACT_EMAIL: {self.contact_email} reaches nobody")
        return gaps


def _all_known(codes: list[str], known: CodeList) -> list[str]:
    check = _one_of(known).func
    return [check(code) for code in codes]


def read(settings: type[P]) -> P:
    """The settings of the environment; raises SettingsError, in one line, for those that are wrong."""
    try:
        return settings()
    except ValidationError as error:
        wrong = "; ".join(map(_in_words, error.errors()))
        raise SettingsError(f"wrong setting {wrong}. See docs/settings.md.") from error


def _in_words(wrong: ErrorDetails) -> str:
    reason = wrong["msg"].removeprefix("Value error, ")
    return f"KG_{wrong['loc'][0]}".upper() + f"={wrong['input']}: {reason}" if wrong["loc"] else reason
