#+ title-nl: De wet waarnaar een algoritmeregistratie verwijst, is haar grondslag
#+ title-en: The law that an algorithm registration refers to is its legal basis

PREFIX dct: <http://purl.org/dc/terms/>
PREFIX sb: <https://w3id.org/spoorboek/def#>

INSERT {
    ?registratie sb:noemtAlsGrondslag ?wet .
    GRAPH <https://w3id.org/spoorboek/graph/inferred/register-4-grondslag> { ?registratie sb:noemtAlsGrondslag ?wet }
}
WHERE {
    GRAPH <https://w3id.org/spoorboek/graph/inferred/register-3-noemt-wet> { ?registratie sb:noemt ?wet }
    ?registratie a sb:Algoritmeregistratie .
    FILTER NOT EXISTS { ?registratie sb:noemtAlsGrondslag ?wet }
}
