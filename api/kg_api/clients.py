"""Who a request comes from, as far as an address tells."""

from functools import lru_cache
from ipaddress import IPv6Address

from starlette.types import Scope

_NETWORK_BITS = 64


def client_of(scope: Scope) -> str:
    """The address that a request comes from; of IPv6 its network, as one client has all addresses in there.

    uvicorn puts it there, from `X-Forwarded-For` where the request comes through a proxy that the settings name.
    """
    address = scope["client"]
    host: str = address[0] if address else ""
    return _network(host) if ":" in host else host


@lru_cache(maxsize=1000)
def _network(host: str) -> str:
    try:
        address = IPv6Address(host)
    except ValueError:
        return host
    return str(address.ipv4_mapped or int(address) >> _NETWORK_BITS)
