#+ title-nl: Wie nu als beheerder betrokken is, is de beheerder
#+ title-en: Who is involved now in the role 'beheerder' is the beheerder

PREFIX rol: <https://w3id.org/spoorboek/id/rol/>
PREFIX sb: <https://w3id.org/spoorboek/def#>

INSERT {
    ?ding sb:beheerder ?partij .
    GRAPH <https://w3id.org/spoorboek/graph/inferred/3-beheerder> { ?ding sb:beheerder ?partij }
}
WHERE {
    ?ding sb:betrokkenheid ?betrokkenheid .
    ?betrokkenheid sb:rol rol:beheerder ;
        sb:partij ?partij .
    FILTER NOT EXISTS { ?betrokkenheid sb:tot ?einde }
    FILTER NOT EXISTS { ?ding sb:beheerder ?partij }
}
