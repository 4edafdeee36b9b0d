#+ title-nl: Een registratie van een organisatie die ook in deze graaf staat, is van die organisatie
#+ title-en: A registration by an organisation that this graph has too is by that organisation

PREFIX dct: <http://purl.org/dc/terms/>
PREFIX sb: <https://w3id.org/spoorboek/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT {
    ?registratie dct:publisher ?partij .
    GRAPH <https://w3id.org/spoorboek/graph/inferred/register-1-uitgever> { ?registratie dct:publisher ?partij }
}
WHERE {
    ?registratie a sb:Registratie ;
        dct:publisher ?elders .
    ?partij skos:exactMatch ?elders ;
        a sb:Organisatie .
    FILTER NOT EXISTS { ?registratie dct:publisher ?partij }
}
