#+ title-nl: Wie naar het nummer of adres van een wet verwijst, noemt die wet
#+ title-en: What refers to the number or address of a law names that law

PREFIX dct: <http://purl.org/dc/terms/>
PREFIX sb: <https://w3id.org/spoorboek/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT {
    ?registratie sb:noemt ?wet .
    GRAPH <https://w3id.org/spoorboek/graph/inferred/register-3-noemt-wet> { ?registratie sb:noemt ?wet }
}
WHERE {
    ?wet a sb:Wet .
    {
        VALUES (?soort ?begin) {
            (sb:BWB "https://wetten.overheid.nl/")
            (sb:CELEX "http://publications.europa.eu/resource/celex/")
        }
        ?wet dct:identifier ?nummer .
        FILTER (DATATYPE(?nummer) = ?soort)
        BIND (IRI(CONCAT(?begin, STR(?nummer))) AS ?adres)
    }
    UNION
    { ?wet skos:exactMatch ?adres }
    ?registratie dct:references ?adres ;
        a sb:Registratie .
    FILTER NOT EXISTS { ?registratie sb:noemt ?wet }
}
