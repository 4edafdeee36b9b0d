#+ title-nl: Een registratie onder een naam waarvan is vastgesteld wie er zo heet, is van die organisatie
#+ title-en: A registration under a name of which it was settled who is called so is by that organisation

PREFIX dct: <http://purl.org/dc/terms/>
PREFIX sb: <https://w3id.org/spoorboek/def#>

INSERT {
    ?registratie dct:publisher ?partij .
    GRAPH <https://w3id.org/spoorboek/graph/inferred/register-2-uitgever-naam> { ?registratie dct:publisher ?partij }
}
WHERE {
    GRAPH ?koppelingen { ?partij sb:publiceertAls ?naam }
    # What a name means was settled for one register, the one whose name ends the IRI of the graph.
    BIND (IRI(REPLACE(STR(?koppelingen), "/graph/data/koppelingen/", "/id/register/")) AS ?register)
    ?registratie sb:naamInBron ?naam ;
        dct:isPartOf ?register .
    FILTER NOT EXISTS { ?registratie dct:publisher ?partij }
}
