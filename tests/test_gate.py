"""How the service tells a short query from a long one before it runs."""

import asyncio
from http import HTTPStatus

import pytest
from kg_api.gate import Asking, Gate, check_query
from kg_api.metrics import Metrics
from kg_api.problems import Problem
from kg_api.settings import Settings
from kg_api.worker import Question, Reply

LOOKUP = "PREFIX wet: <https://w3id.org/spoorboek/id/wet/> SELECT ?p ?o { wet:avg ?p ?o } LIMIT 10 # een"


@pytest.mark.parametrize(
    "other",
    [
        LOOKUP.replace("wet:avg", "wet:nis2"),
        LOOKUP.replace("wet:avg", "wet:dsa").replace("10", "20"),
        LOOKUP.replace("# een", "# twee"),
        LOOKUP.replace("?o", "?waarde"),
        LOOKUP.replace("https://w3id.org", "http://example.org"),
    ],
)
def test_what_differs_in_a_name_or_a_number_has_one_shape(other: str):
    assert other != LOOKUP
    assert check_query(other, Settings()).shape == check_query(LOOKUP, Settings()).shape


@pytest.mark.parametrize(
    "other", [LOOKUP.replace("SELECT", "SELECT DISTINCT"), LOOKUP.replace("?p ?o }", "?p ?o . ?o ?q ?r }")]
)
def test_another_structure_is_another_shape(other: str):
    assert check_query(other, Settings()).shape != check_query(LOOKUP, Settings()).shape


def test_one_slow_time_does_not_make_a_shape_slow(release):
    settings = Settings(quick_seconds=0.5)
    gate = Gate(release.place, settings, Metrics())
    try:
        for _ in range(20):
            gate._note(1, 0.001)
        stops = 0
        while gate._usual[1] <= settings.quick_seconds:
            gate._note(1, 2 * settings.quick_seconds)
            stops += 1
        assert stops == 3
    finally:
        gate.close()


def test_who_asks_what_another_may_not_is_answered(release):
    """Two ask the same at once; the first has no places left, and that is nothing to the second."""

    async def work(asking: Asking) -> Reply:
        if asking.client == "greedy":
            raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "enough", reason="client")
        return Reply("json", body=b"{}")

    async def both(gate: Gate) -> list[object]:
        checked = check_query(LOOKUP, Settings())
        question = Question(LOOKUP, None, None, None, None, 1000)
        asking = (Asking(question, checked, 1, client) for client in ("greedy", "modest"))
        waiting = asyncio.Event()
        return await asyncio.gather(*(gate._shared(work, one, waiting.wait) for one in asking), return_exceptions=True)

    gate = Gate(release.place, Settings(), Metrics())
    try:
        refused, answered = asyncio.run(both(gate))
    finally:
        gate.close()
    assert isinstance(refused, Problem)
    assert answered == Reply("json", body=b"{}")
