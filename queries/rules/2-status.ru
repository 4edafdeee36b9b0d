#+ title-nl: De status van iets is die van zijn laatst gemelde toestand
#+ title-en: The status of a thing is that of the state reported last

PREFIX sb: <https://w3id.org/spoorboek/def#>

INSERT {
    ?ding sb:status ?status .
    GRAPH <https://w3id.org/spoorboek/graph/inferred/2-status> { ?ding sb:status ?status }
}
WHERE {
    ?ding sb:toestand ?toestand .
    ?toestand sb:status ?status ;
        sb:vanaf|sb:peildatum ?moment .
    FILTER NOT EXISTS { ?toestand sb:deel ?deel }
    FILTER NOT EXISTS {
        ?ding sb:toestand ?latere .
        ?latere sb:vanaf|sb:peildatum ?later .
        FILTER NOT EXISTS { ?latere sb:deel ?anderDeel }
        FILTER (STR(?later) > STR(?moment))
    }
    FILTER NOT EXISTS { ?ding sb:status ?status }
}
