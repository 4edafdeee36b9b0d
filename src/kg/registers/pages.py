"""An export that comes in pages, as one file."""

import shutil
from pathlib import Path
from urllib.parse import urlencode

from kg.errors import FetchError
from kg.registers.client import Client
from kg.registers.fetching import Fetched, fetch
from kg.registers.framework import Record, Register

MOST_PAGES = 1000


def fetch_export(client: Client, register: Register, folder: Path) -> Fetched:
    """Fetch the export of a register into a folder; raises what `fetch` raises, and what reading a page raises."""
    if not register.page_size:
        return fetch(client, register.address, folder)
    pages: list[Fetched] = []
    found = size = 0
    while len(pages) < MOST_PAGES:
        query = urlencode({"rows": register.page_size, "start": found})
        pages.append(fetch(client, f"{register.address}?{query}", folder))
        size += pages[-1].path.stat().st_size
        if size > client.limits.text_bytes:
            most = client.limits.text_bytes
            raise FetchError(f"{register.address} has pages of more than {most:,} bytes; that much is not taken.")
        on_page = _count(register, pages[-1].path)
        if not on_page:
            return _together(register, pages, folder)
        found += on_page
    raise FetchError(f"{register.address} has more than {MOST_PAGES:,} pages; that much is not taken.")


def _count(register: Register, page: Path) -> int:
    """How many records a page has, sound or not: so the next one is asked for, whatever size the other side gives."""
    return sum(isinstance(item, Record) or item.lost for item in register.read(page))


def _together(register: Register, pages: list[Fetched], folder: Path) -> Fetched:
    whole = folder / f"{register.name}{register.suffix}"
    aside = whole.with_suffix(".new")
    with aside.open("wb") as file:
        for page in pages:
            with page.path.open("rb") as part:
                shutil.copyfileobj(part, file)
            file.write(b"\n")
    aside.replace(whole)
    made = [page.made for page in pages if page.made]
    return Fetched(whole, max(made, default=None), changed=any(page.changed for page in pages))
