"""The OpenAPI document of `/v1`, made of the same table as the routes, with examples from the graph that is served."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from kg.errors import KgError
from kg.impact import MOST_HOPS
from kg.namespaces import CONCEPTS
from kg.queries import NamedQuery, Parameter
from kg.search import KINDS, MAX_LENGTH
from kg.search import search as find
from kg_api import chains, items, library, listing, parameters, rest, search
from kg_api.collections import COLLECTIONS, Collection, Field, Filter, Kind
from kg_api.formats import JSON_LD
from kg_api.pages import Link
from kg_api.problems import Problem
from kg_api.questions import Questions
from kg_api.serving import Serving
from kg_api.settings import Settings

Document = dict[str, Any]

_REF = {"type": "string", "pattern": f"^{parameters.REF.pattern}$"}
_YEAR = {"type": "string", "pattern": "^[0-9]{4}$"}
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_COUNT = {"type": "integer", "minimum": 0}
_SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_ADDRESS = {"type": "string", "format": "uri"}
_CSV: Document = {"text/csv": {"schema": _TEXT}}
_MOST_SHOWN = 2
_WORDS = f"^{parameters.TEXT}$"
_TYPES: Mapping[str, Document] = {
    "iri": {"type": "string", "pattern": f"^({'|'.join(CONCEPTS)})/{parameters.REF.pattern}$"},
    "integer": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
    "year": _YEAR,
    "text": {"type": "string", "minLength": 1, "maxLength": parameters.MOST_CHARACTERS, "pattern": _WORDS},
}


def _ref(kind: str, name: str) -> Document:
    return {"$ref": f"#/components/{kind}/{name}"}


def _schema(name: str) -> Document:
    return _ref("schemas", name)


def _list_of(schema: Document) -> Document:
    return {"type": "array", "items": schema}


def _object(required: Iterable[str] = (), **properties: Document) -> Document:
    return {"type": "object", "properties": properties} | ({"required": list(required)} if required else {})


_VALUES: Mapping[Kind, Document] = {
    Kind.TEXT: _TEXT,
    Kind.TEXTS: _TEXTS,
    Kind.NUMBER: {"type": "integer"},
    Kind.REFERENCE: _schema("Verwijzing"),
    Kind.REFERENCES: _list_of(_schema("Verwijzing")),
    Kind.ADDRESSES: _list_of(_ADDRESS),
}
_PARTS: Mapping[str, Document] = {
    "deelnames": _list_of(_schema("Deelname")),
    "betrokkenen": _list_of(_schema("Deelname")),
    "relaties": _list_of(_schema("Relatie")),
    "streefwaarden": _list_of(_schema("Streefwaarde")),
    "vindplaatsen": _TEXTS,
}
_SHARED: Mapping[str, Document] = {
    "Probleem": _object(
        ("type", "status", "title", "detail"),
        type={**_ADDRESS, "description": "De soort probleem: een vast adres dat zegt wat het betekent en wat te doen"},
        status={"type": "integer"},
        title=_TEXT,
        detail={"type": "string", "description": "Wat er mis is, en wat er wel kan"},
        parameter={"type": "string", "description": "De parameter waar het aan ligt"},
        waarden={**_TEXTS, "description": "De waarden die er zijn, of die op de gevraagde lijken"},
        near={
            **_list_of(_object(("name", "href"), name=_TEXT, href=_TEXT)),
            "description": "Adressen die lijken op een waar niets staat",
        },
    ),
    "Verwijzing": _object(("ref", "concept", "uri"), ref=_TEXT, concept=_TEXT, uri=_ADDRESS, naam=_TEXT),
    "Deelname": _object(
        ("uri", "partij"),
        uri=_ADDRESS,
        partij=_schema("Verwijzing"),
        naamInBron={"type": "string", "description": "De naam zoals de bron hem afdrukt"},
        rol=_TEXT,
        beperktTot=_schema("Verwijzing"),
        toelichting=_TEXT,
    ),
    "Relatie": _object(
        ("eigenschap", "eigenschapNaam", "ding"),
        eigenschap=_TEXT,
        eigenschapNaam=_TEXT,
        ding=_schema("Verwijzing"),
        toelichting={"type": "string", "description": "Waarom, als de relatie een verband is"},
    ),
    "Streefwaarde": _object(
        ("uri",),
        uri=_ADDRESS,
        waarde={"type": "number"},
        waardeTot={"type": "number"},
        waardeTekst=_TEXT,
        eenheid=_TEXT,
        populatie=_TEXT,
        vergelijking=_TEXT,
        richtjaar={"type": "integer"},
    ),
    "Reden": _object(
        ("verband", "toelichting", "vindplaatsen"),
        verband=_schema("Verwijzing"),
        toelichting=_TEXT,
        zekerheid={"type": "string", "description": "Of een plan of andere bron het zegt, of wij het lezen"},
        vindplaatsen=_TEXTS,
    ),
    "Stap": _object(
        ("van", "eigenschap", "eigenschapNaam", "naar", "redenen"),
        van=_schema("Verwijzing"),
        eigenschap=_TEXT,
        eigenschapNaam=_TEXT,
        naar=_schema("Verwijzing"),
        redenen=_list_of(_schema("Reden")),
    ),
    "Keten": _object(
        ("ding", "stappen", "aantal"),
        ding=_schema("Verwijzing"),
        stappen=_list_of(
            _object(
                ("ding", "afstand", "blad", "via"),
                ding=_schema("Verwijzing"),
                afstand={**_COUNT, "description": "Het aantal stappen van de kortste keten"},
                blad={"type": "boolean", "description": "Of de keten hier ophoudt, en niets doorgeeft"},
                via=_list_of(_schema("Stap")),
            )
        ),
        aantal=_COUNT,
    ),
    "Pad": _object(
        ("van", "naar", "stappen", "aantal"),
        van=_schema("Verwijzing"),
        naar=_schema("Verwijzing"),
        stappen=_list_of(_schema("Stap")),
        aantal=_COUNT,
    ),
    "Tekst": _object(
        ("veld", "tekst", "posities"),
        veld={"type": "string", "description": "Welke tekst van het ding het is"},
        taal=_TEXT,
        tekst=_TEXT,
        posities={
            "type": "array",
            "items": {"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2},
            "description": "Van elk gevonden woord het eerste teken en dat na het laatste, in Unicode-tekens vanaf 0",
        },
    ),
    "Treffer": _object(
        ("ref", "uri", "soort", "naam", "teksten"),
        ref=_TEXT,
        uri=_ADDRESS,
        soort=_TEXT,
        nummer=_TEXT,
        naam=_schema("Tekst"),
        teksten={**_list_of(_schema("Tekst")), "description": "Andere teksten, met woorden die de naam niet heeft"},
    ),
    "Gevonden": _object(
        ("aantal", "pagina", "paginaGrootte", "paginas", "soorten", "resultaten"),
        aantal={**_COUNT, "description": "Hoeveel dingen er zijn, op alle bladzijden"},
        pagina=_COUNT,
        paginaGrootte=_COUNT,
        paginas=_COUNT,
        soorten={
            **_list_of(_object(("soort", "aantal"), soort=_TEXT, aantal=_COUNT)),
            "description": "Hoeveel van elke soort, welke soort ook is gevraagd",
        },
        resultaten=_list_of(_schema("Treffer")),
    ),
    "Vraag": _object(
        ("naam", "titel", "parameters"),
        naam=_TEXT,
        titel=_object(nl=_TEXT, en=_TEXT),
        parameters=_list_of(_object(naam=_TEXT, type=_TEXT, voorbeeld=_TEXT)),
        registers={**_TEXTS, "description": "De registers van anderen waar de vraag niet zonder kan"},
        ontbreekt={
            **_TEXTS,
            "description": "Welke daarvan hier niet zijn ingelezen, zodat de vraag geen antwoord heeft",
        },
    ),
    "Antwoord": _object(
        ("vraag", "titel", "kolommen", "rijen", "aantal"),
        vraag=_TEXT,
        titel=_object(nl=_TEXT, en=_TEXT),
        kolommen=_TEXTS,
        rijen=_list_of({"type": "object"}),
        aantal=_COUNT,
        ontbreekt={**_TEXTS, "description": "Registers die de vraag nodig heeft en die hier niet zijn ingelezen"},
    ),
    "Release": _object(
        ("ref", "huidig", "tripels"),
        ref=_TEXT,
        huidig={"type": "boolean"},
        versie=_TEXT,
        peildatum={"type": "string", "format": "date"},
        tripels=_COUNT,
        grafen={"type": "object", "additionalProperties": _COUNT},
        afgeleid={"type": "object", "additionalProperties": _COUNT},
        software={"type": "object", "additionalProperties": _TEXT},
        canoniek={**_SHA256, "description": "SHA-256 van de benoemde grafen in hun canonieke vorm (RDFC-1.0)"},
        bestanden=_list_of(
            _object(
                ("naam", "adres", "mediatype", "bytes", "sha256"),
                naam=_TEXT,
                adres={"type": "string", "description": "Het vaste adres op deze dienst"},
                mediatype=_TEXT,
                bytes=_COUNT,
                sha256=_SHA256,
            )
        ),
    ),
}
_ERRORS: Mapping[str, tuple[str, str]] = {
    "400": (
        "OnjuisteVraag",
        "Een parameter is onbekend, of heeft een waarde die niet kan; het antwoord zegt wat wel kan",
    ),
    "404": ("NietGevonden", "De graaf kent dit ding niet, of er is geen bladzijde met dit nummer"),
    "406": ("NietInDezeVorm", "Dit is er niet in een vorm die Accept noemt"),
    "500": ("Fout", "Er ging hier iets mis"),
    "503": ("NuNiet", "De dienst kan nu niet antwoorden; Retry-After zegt wanneer wel"),
    "502": ("BronFaalt", "De dienst leest van een andere SPARQL-server, en die gaf geen bruikbaar antwoord"),
}
_HEADERS: Mapping[str, Document] = {
    "API-Version": {"description": "De volledige versie van deze API", "schema": _TEXT, "example": rest.VERSION},
    "Content-Language": {"description": "De taal van `title` en `detail`", "schema": _TEXT, "example": "nl"},
    "Link": {
        "description": "Van een lijst de eerste, vorige, volgende en laatste bladzijde (RFC 8288); en van dingen de "
        "context die van de JSON ook JSON-LD maakt",
        "schema": _TEXT,
    },
}


def document(current: Serving, settings: Settings, licence: Link | None) -> Document:
    """The whole document; `licence` is that of the release, if it has one."""
    paths: Document = {}
    schemas: Document = {}
    for collection in COLLECTIONS.values():
        paths |= _paths(current.questions, collection)
        schemas[_name(collection)] = _thing(collection)
    for collection in chains.WITH_CHAINS:
        paths |= _chains(current.questions, collection)
    paths |= _path(current.questions) | _library(current) | _search(current)
    for path in paths.values():
        _finish(path["get"])
    base = str(settings.public_url or "").rstrip("/")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Spoorboek",
            "version": rest.VERSION,
            "summary": "De digitale agenda van de Nederlandse overheid als kennisgraaf",
            "description": "Wie belooft wat, voor welk doel, op welke wet, met welke voorziening. Onofficieel: niet "
            "van het ministerie. Elke `uri` is een vast adres waar het ding ook als linked data staat. Wie iets anders "
            "dan GET, HEAD of OPTIONS doet, krijgt 405; elke fout is een `application/problem+json`, in het Nederlands "
            "of Engels naar Accept-Language. De JSON van dingen en lijsten is met `/v1/context.jsonld` ook JSON-LD.",
            "contact": {
                "name": "Spoorboek",
                "url": base or "https://w3id.org/spoorboek/",
                "email": settings.contact_email,
            },
        }
        | ({"license": {"name": licence.text, "url": licence.href}} if licence else {}),
        "servers": [{"url": f"{base}/v1", "description": "Deze dienst"}],
        "tags": [{"name": name, "description": about} for name, about in _tags(paths)],
        "paths": paths,
        "components": {
            "schemas": schemas | dict(_SHARED),
            "headers": dict(_HEADERS),
            "responses": {name: _error(about) for name, about in _ERRORS.values()},
        },
    }


def _tags(paths: Mapping[str, Document]) -> list[tuple[str, str]]:
    known = {c.name: c.title for c in COLLECTIONS.values()}
    known |= {"vragen": "De vragen die de graaf beantwoordt", "releases": "De uitgaven van de graaf die er zijn"}
    known |= {"pad": "Hoe twee dingen samenhangen", "zoek": "Zoeken in alles wat een naam heeft"}
    used = dict.fromkeys(tag for path in paths.values() for tag in path["get"].get("tags", ()))
    return [(tag, known.get(tag, tag)) for tag in used]


def _error(about: str) -> Document:
    content = {"application/problem+json": {"schema": _schema("Probleem")}}
    headers = {name: _ref("headers", name) for name in ("API-Version", "Content-Language")}
    return {"description": about, "headers": headers, "content": content}


def _finish(operation: Document) -> None:
    """Add the errors and headers that every operation has."""
    responses = operation["responses"]
    for status in ("400", "500", "502", "503"):
        responses.setdefault(status, _ref("responses", _ERRORS[status][0]))
    for status, response in responses.items():
        if status.startswith("2"):
            response.setdefault("headers", {})["API-Version"] = _ref("headers", "API-Version")


def _operation(
    tag: str, name: str, summary: str, params: list[Document], content: Document, errors: Iterable[str] = ()
) -> Document:
    responses: Document = {"200": {"description": summary, "content": content}}
    responses |= {status: _ref("responses", _ERRORS[status][0]) for status in errors}
    return {"tags": [tag], "operationId": name, "summary": summary, "parameters": params, "responses": responses}


def _json(schema: Document, example: object = None) -> Document:
    return {"application/json": {"schema": schema} | ({} if example is None else {"example": example})}


def _json_ld(schema: Document) -> Document:
    """The same, and beside it `@context`."""
    return {JSON_LD: {"schema": schema}}


def _abridged(questions: Questions, schema: Document, name: str, make: Callable[[], Document]) -> Document:
    """A body with an answer as example, of which a long list is cut short.

    A graph of other data may have none, and a store elsewhere is not asked for so much.
    """
    if not isinstance(questions.store, ox.Store):
        return _json(schema)
    try:
        answer = make()
    except (Problem, KgError):
        return _json(schema)
    cut = {**answer, name: answer[name][:_MOST_SHOWN]}
    about = f"{len(cut[name])}/{len(answer[name])} {name}"
    return {"application/json": {"schema": schema, "examples": {"voorbeeld": {"summary": about, "value": cut}}}}


def _param(name: str, about: str, schema: Document, example: object = None, **more: object) -> Document:
    said = {} if example is None else {"example": example}
    return {"name": name, "in": "query", "description": about, "schema": schema, **said, **more}


_FORMAT = _param("formaat", "De vorm; gaat voor Accept", {"type": "string", "enum": list(parameters.FORMATS)}, "csv")


def _name(collection: Collection) -> str:
    return collection.classes[0]


def _thing(collection: Collection) -> Document:
    fields = {f.name: _described(f) for f in collection.fields}
    parts = {name: _PARTS[name] for name in collection.parts}
    return {"description": collection.title} | _object(ref=_TEXT, uri=_ADDRESS, **fields, **parts)


def _described(field: Field) -> Document:
    return {**_VALUES[field.kind], "description": field.about}


def _paths(questions: Questions, collection: Collection) -> Document:
    name, title = collection.name, collection.title
    counts = {"aantal": _COUNT, "pagina": _COUNT, "paginaGrootte": _COUNT, "paginas": _COUNT}
    whole = _object((name, *counts), **{name: _list_of(_schema(_name(collection)))}, **counts)
    params = [*(_filter(questions, collection, item) for item in collection.filters), *_shaping(collection)]
    page = _page_example(questions, collection)
    names = items.names_of(collection, whole=False)
    table = {"text/csv": {"schema": _TEXT, "example": rest.table(page[name], names)}} if page else _CSV
    content = _json(whole, page) | _json_ld(whole) | table
    many = _operation(name, f"haal{name.title()}", title, params, content, ("400", "404", "406"))
    many["responses"]["200"]["headers"] = {"Link": _ref("headers", "Link")}
    shape = _shape(collection, whole=True)
    example = _example(questions, collection)
    one = _operation(
        name,
        f"haal{_name(collection)}",
        f"Een {collection.concept}",
        [_ref_of(collection), *shape],
        _json(_schema(_name(collection)), example) | _json_ld(_schema(_name(collection))),
        ("400", "404"),
    )
    one["responses"]["200"]["headers"] = {"Link": _ref("headers", "Link")}
    return {f"/{name}": {"get": many}, f"/{name}/{{ref}}": {"get": one}}


def _ref_of(collection: Collection) -> Document:
    said = {"name": "ref", "in": "path", "required": True, "description": "Het laatste deel van de IRI"}
    return {**said, "schema": _REF, "example": collection.example}


def _page_example(questions: Questions, collection: Collection) -> Document | None:
    thing = _example(questions, collection)
    if thing is None:
        return None
    shown = {name: value for name, value in thing.items() if name not in collection.parts}
    total = len(listing.members(questions, collection))
    return {collection.name: [shown], "aantal": total, "pagina": 1, "paginaGrootte": 1, "paginas": total}


def _example(questions: Questions, collection: Collection) -> Document | None:
    """The example as the graph has it; a graph of other data may not know it."""
    try:
        return items.item(questions, collection, rest.named(questions, collection, collection.example).value)
    except (Problem, KgError):
        return None


def _filter(questions: Questions, collection: Collection, item: Filter) -> Document:
    if item.name == "jaar":
        return _param(item.name, item.about, _YEAR, item.sample)
    if item.name == "identificatie":
        return _param(item.name, item.about, _TYPES["text"], item.sample)
    if item.concept:
        return _param(item.name, item.about, _REF, item.sample)
    values = listing.values(questions, collection, item)
    sample = item.sample if item.sample in values else next(iter(values), None)
    return _param(item.name, item.about, {"type": "string", "enum": values} if values else _REF, sample)


def _shaping(collection: Collection) -> list[Document]:
    sortings = [sign + name for name in collection.sortings for sign in ("", "-")]
    page = {"type": "integer", "minimum": 1, "maximum": rest.MOST_PAGES, "default": 1}
    size = {"type": "integer", "minimum": 1, "maximum": rest.MOST_PAGE_SIZE, "default": rest.PAGE_SIZE}
    words = {**_TYPES["text"], "maxLength": listing.MOST_SEARCHED}
    return [
        _param("q", "Wat in de naam, afkorting, ref of het nummer staat; hoofdletters en accenten tellen niet", words),
        _words("sorteer", "Waarop gesorteerd; een minteken keert de volgorde om", sortings),
        *_shape(collection, whole=False),
        _param("pagina", "Het nummer van de bladzijde", page),
        _param("paginaGrootte", "Hoeveel er op een bladzijde staan", size),
        _FORMAT,
    ]


def _shape(collection: Collection, *, whole: bool) -> list[Document]:
    fields = _words("velden", "Alleen deze velden", items.names_of(collection, whole=whole))
    references = items.expandable(collection)
    return [
        fields,
        *([_words("expand", "Zeg in vol waar deze velden naar verwijzen", references)] if references else []),
    ]


def _words(name: str, about: str, words: list[str]) -> Document:
    schema = {"type": "array", "minItems": 1, "maxItems": 10, "items": {"type": "string", "enum": words}}
    return _param(name, about, schema, style="form", explode=False)


def _chains(questions: Questions, collection: Collection) -> Document:
    name, ref = collection.name, _ref_of(collection)
    shape = _following(questions, MOST_HOPS)
    around = {"type": "string", "enum": list(chains.DIRECTIONS), "default": chains.DIRECTIONS[0]}
    richting = _param("richting", "Waar het van afhangt (naar), wat ervan afhangt (van), of beide", around, "beide")
    hit = "Wat wordt geraakt als dit verandert, stap voor stap en met reden"
    needed = "Waar dit van afhangt, stap voor stap en met reden"
    errors = ("400", "404")
    one, two = (f"haal{part}Van{_name(collection)}" for part in ("Impact", "Afhankelijkheden"))

    def content(answer: Callable[[Questions, str, Mapping[str, str]], Document]) -> Document:
        def make() -> Document:
            return answer(questions, rest.named(questions, collection, collection.example).value, {})

        return _abridged(questions, _schema("Keten"), "stappen", make)

    return {
        f"/{name}/{{ref}}/impact": {
            "get": _operation(name, one, hit, [ref, *shape], content(chains.impact_of), errors)
        },
        f"/{name}/{{ref}}/afhankelijkheden": {
            "get": _operation(name, two, needed, [ref, *shape, richting], content(chains.dependencies_of), errors)
        },
    }


def _path(questions: Questions) -> Document:
    ends = [
        _param(name, about, _TYPES["iri"], sample, required=True)
        for name, about, sample in (
            ("van", "Waar de keten begint", "voorziening/mijnoverheid"),
            ("naar", "Waar de keten eindigt", "wet/wet-digitale-overheid"),
        )
    ]
    params = [*ends, *_following(questions, chains.MOST_IN_PATH)]
    summary = "Een kortste keten tussen twee dingen, met de reden van elke stap"
    asked = {end["name"]: end["example"] for end in ends}
    content = _abridged(questions, _schema("Pad"), "stappen", lambda: chains.path_of(questions, asked))
    return {"/pad": {"get": _operation("pad", "haalPad", summary, params, content, ("400", "404"))}}


def _following(questions: Questions, most: int) -> list[Document]:
    depth = {"type": "integer", "minimum": 1, "maximum": most, "default": most}
    known = chains.kinds(questions)
    follow = [_words("soort", "Alleen langs deze relaties, en wat eronder valt", known)] if known else []
    return [_param("diepte", "Het hoogste aantal stappen", depth), *follow]


def _search(current: Serving) -> Document:
    page = {"type": "integer", "minimum": 1, "maximum": search.MOST_PAGES, "default": 1}
    size = {"type": "integer", "minimum": 1, "maximum": search.MOST_PAGE_SIZE, "default": search.PAGE_SIZE}
    words = {**_TYPES["text"], "maxLength": MAX_LENGTH}
    sample = "uitwisseling"
    params = [
        _param("q", "De woorden; tussen aanhalingstekens horen ze bij elkaar", words, sample, required=True),
        _param("soort", "Alleen dingen van deze soort", {"type": "string", "enum": list(KINDS)}, "actie"),
        _param("pagina", "Het nummer van de bladzijde", page),
        _param("paginaGrootte", "Hoeveel er op een bladzijde staan", size),
    ]
    summary = "Dingen met deze woorden in hun naam of omschrijving, de beste eerst"

    def first() -> Document:
        return search.said_of(find(current.search, sample, None, "nl", 0, search.PAGE_SIZE), 1, search.PAGE_SIZE)

    shape = _schema("Gevonden")
    content = _abridged(current.questions, shape, "resultaten", first) if current.search else _json(shape)
    found = _operation("zoek", "zoek", summary, params, content, ("400", "404"))
    found["responses"]["200"]["headers"] = {"Link": _ref("headers", "Link")}
    return {"/zoek": {"get": found}}


def _library(current: Serving) -> Document:
    many = _object(("vragen", "aantal"), vragen=_list_of(_schema("Vraag")), aantal=_COUNT)
    releases = _object(("releases", "aantal"), releases=_list_of(_schema("Release")), aantal=_COUNT)
    about = "De uitgaven van de graaf die er zijn, de nieuwste eerst"
    known = _abridged(current.questions, many, "vragen", lambda: library.all_of(current))
    return {
        "/vragen": {"get": _operation("vragen", "haalVragen", "De vragen die er zijn", [], known)},
        **{f"/vragen/{query.name}": {"get": _question(query)} for query in current.questions.library.values()},
        "/releases": {"get": _operation("releases", "haalReleases", about, [], _json(releases))},
    }


def _question(query: NamedQuery) -> Document:
    params = [*(_asked(parameter) for parameter in query.parameters), _FORMAT]
    name = "vraag" + query.name.title().replace("-", "")
    content = _json(_schema("Antwoord")) | _CSV
    return _operation("vragen", name, query.titles["nl"], params, content, ("400", "404", "406"))


def _asked(parameter: Parameter) -> Document:
    sample = int(parameter.sample) if parameter.type == "integer" else parameter.sample
    kind = parameter.concept or parameter.type
    schema = {**_REF, "pattern": f"^{kind}/{parameters.REF.pattern}$"} if parameter.concept else _TYPES[parameter.type]
    return _param(parameter.name, f"Soort waarde: {kind}", schema, sample, required=True)
