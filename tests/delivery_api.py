"""What a client needs of the delivery API of data.overheid.nl, kept to its OpenAPI document where that is there."""

import uuid
from collections.abc import Callable

import jsonschema
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

CLIENT, KEY = "spoorboek", "geheim-1234"
EXISTS = "DCAT_DATASET_ALREADY_EXISTS"
_ONE = "/api/v1/datasets/{number}"


def validator(document: dict, name: str) -> jsonschema.Draft202012Validator:
    """What holds a body against a schema of the document."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def problem(status: int, code: str, **more: object) -> JSONResponse:
    """An error as that API says it."""
    body = {"type": f"urn:datastore:problem:{code.lower()}", "title": code, "status": status, "code": code, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


class DeliveryApi:
    """What the server holds, and how it behaves: `others` are identifiers of others, `refuse` answers everything."""

    def __init__(self, document: dict | None) -> None:
        self._document = document
        self.datasets: dict[str, dict] = {}
        self.tokens: set[str] = set()
        self.calls: list[tuple[str, str]] = []
        self.others: set[str] = set()
        self.refuse: Response | None = None

    def app(self) -> FastAPI:
        """The server."""
        api = FastAPI()
        api.middleware("http")(self._guard)
        for method, path, handle in (
            ("POST", "/api/v1/auth/token", self._token),
            ("GET", "/api/v1/me/catalog-records", self._records),
            ("POST", "/api/v1/datasets", self._create),
            ("GET", _ONE, self._read),
            ("PUT", _ONE, self._replace),
            ("GET", f"{_ONE}/publication-status", self._status),
            ("PUT", f"{_ONE}/publication-status", self._change),
        ):
            api.add_api_route(path, handle, methods=[method], response_model=None)
        return api

    def _wrong(self, name: str, body: object) -> list[dict]:
        found = validator(self._document, name).iter_errors(body) if self._document else []
        return [{"code": "INVALID_FIELD_VALUE", "path": e.json_path, "message": e.message} for e in found]

    async def _guard(self, request: Request, proceed: Callable) -> Response:
        self.calls.append((request.method, request.url.path))
        if request.url.path.endswith("/auth/token"):
            return await proceed(request)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Response(status_code=401)
        return self.refuse or await proceed(request)

    async def _token(self, request: Request) -> Response:
        body = await request.json()
        if self._wrong("ApiClientCredentials", body):
            return problem(400, "MALFORMED")
        if body != {"clientId": CLIENT, "apiKey": KEY}:
            return problem(401, "INVALID_CREDENTIALS", detail="Onbekende clientId of onjuiste apiKey")
        self.tokens = {uuid.uuid4().hex}
        return JSONResponse({"accessToken": next(iter(self.tokens)), "tokenType": "Bearer", "expiresIn": 60})

    async def _create(self, request: Request, publicationStatus: str = "DRAFT") -> Response:  # noqa: N803  (the API's)
        body = await request.json()
        if errors := self._wrong("DcatDataset", body):
            return problem(400, "DCAT_DATASET_VALIDATION_FAILED", detail="ongeldig", errors=errors)
        taken = {each["body"]["dctIdentifier"] for each in self.datasets.values()} | self.others
        if body["dctIdentifier"] in taken:
            return problem(409, EXISTS, detail="Er bestaat al een dataset met dezelfde dctIdentifier")
        number = str(uuid.uuid4())
        self.datasets[number] = {"body": body, "status": publicationStatus}
        return JSONResponse({"id": number, "dctIdentifier": body["dctIdentifier"]}, 201)

    async def _read(self, number: str) -> Response:
        found = self.datasets[number]
        return JSONResponse(
            {"id": number, "dcatDataset": found["body"], "meta": {"publicationStatus": found["status"]}}
        )

    async def _replace(self, request: Request, number: str) -> Response:
        body = await request.json()
        if errors := self._wrong("DcatDataset", body):
            return problem(400, "DCAT_DATASET_VALIDATION_FAILED", errors=errors)
        self.datasets[number]["body"] = body
        return JSONResponse({"id": number, "dctIdentifier": body["dctIdentifier"]})

    async def _status(self, number: str) -> Response:
        return JSONResponse({"publicationStatus": self.datasets[number]["status"]})

    async def _change(self, request: Request, number: str) -> Response:
        body = await request.json()
        if self._wrong("DcatDatasetPublicationStatusRequest", body):
            return problem(400, "MALFORMED")
        self.datasets[number]["status"] = body["publicationStatus"]
        return JSONResponse(body)

    async def _records(self, page: int = 0, size: int = 20) -> Response:
        # A page of what is no dataset comes first, so that a client has to turn it.
        others = [(str(uuid.uuid4()), "DATASERVICE") for _ in range(size)]
        records = [*others, *((number, "DATASET") for number in self.datasets)][page * size : (page + 1) * size]
        content = [
            {"id": str(uuid.uuid4()), "meta": {"primaryTopicType": kind, "primaryTopicId": number}}
            for number, kind in records
        ]
        return JSONResponse({"content": content, "page": {"size": size, "number": page}})
