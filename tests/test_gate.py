"""How the service tells a short query from a long one before it runs."""

import pytest
from kg_api.gate import Gate, check_query
from kg_api.metrics import Metrics
from kg_api.settings import Settings

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
