"""A small client of the REST interface, with nothing but the standard library: copy it and change it.

Example: python client.py http://127.0.0.1:8000 acties voorziening=digid
"""

import json
import re
import sys
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen

_NEXT = re.compile(r'<([^>]+)>; rel="next"')


def things(service: str, collection: str, **filters: str) -> Iterator[dict]:
    """Every thing of a collection that the filters let through, page after page."""
    address = f"{service}/v1/{collection}?{urlencode({'paginaGrootte': 100, **filters})}"
    while address:
        with urlopen(Request(address, headers={"Accept": "application/json"})) as response:  # noqa: S310  (the caller's own service)
            yield from json.load(response)[collection]
            following = _NEXT.search(response.headers.get("Link", ""))
        address = urljoin(address, following[1]) if following else ""


def main(service: str, collection: str, *filters: str) -> None:
    """Print the ref and the name of each; what the service has against the question goes to the terminal."""
    try:
        for thing in things(service, collection, **dict(item.split("=", 1) for item in filters)):
            print("\t".join(filter(None, (thing["ref"], thing.get("naam")))))  # noqa: T201  (it is what it is for)
    except HTTPError as error:
        sys.exit(json.load(error)["detail"])


if __name__ == "__main__":
    main(*sys.argv[1:])
