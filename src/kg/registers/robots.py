"""robots.txt (RFC 9309) as far as it is about us: what a host wants of others must not cost us anything."""

from protego import Protego

AGENT = "spoorboek"
_OTHERS = "-"
_FIELDS = ("user-agent", "useragent", "user agent")


def rules(text: str) -> Protego:
    """The rules of a robots.txt for us and for everybody.

    Protego keeps every rule of a group for each agent that the group names, also agents that are not ours: a file of
    half a megabyte with thousands of both would take all memory. So all others are one to it.
    """
    return Protego.parse("\n".join(map(_for_us, text.splitlines())))


def _for_us(line: str) -> str:
    """The line; where it names an agent that is neither us nor everybody, with one name for all of these."""
    words = line.partition("#")[0].replace(":", " ").lower().split()
    field = next((field for field in _FIELDS if words[: len(field.split())] == field.split()), None)
    if field is None:
        return line
    name = " ".join(words[len(field.split()) :])
    if name != "*":
        name = name.replace("*", "")
    return f"user-agent: {name if name == '*' or (name and name in AGENT) else _OTHERS}"
