#+ title-nl: Een verband geeft de rechtstreekse relatie
#+ title-en: A stated relation gives the direct triple

PREFIX sb: <https://w3id.org/spoorboek/def#>

INSERT {
    ?van ?eigenschap ?naar .
    GRAPH <https://w3id.org/spoorboek/graph/inferred/1-verband> { ?van ?eigenschap ?naar }
}
WHERE {
    ?verband sb:van ?van ;
        sb:naar ?naar ;
        sb:eigenschap ?eigenschap .
    FILTER NOT EXISTS { ?van ?eigenschap ?naar }
}
