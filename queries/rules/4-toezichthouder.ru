#+ title-nl: Wie nu als toezichthouder betrokken is, is de toezichthouder
#+ title-en: Who is involved now in the role 'toezichthouder' is the toezichthouder

PREFIX rol: <https://w3id.org/spoorboek/id/rol/>
PREFIX sb: <https://w3id.org/spoorboek/def#>

INSERT {
    ?ding sb:toezichthouder ?partij .
    GRAPH <https://w3id.org/spoorboek/graph/inferred/4-toezichthouder> { ?ding sb:toezichthouder ?partij }
}
WHERE {
    ?ding sb:betrokkenheid ?betrokkenheid .
    ?betrokkenheid sb:rol rol:toezichthouder ;
        sb:partij ?partij .
    FILTER NOT EXISTS { ?betrokkenheid sb:tot ?einde }
    FILTER NOT EXISTS { ?ding sb:toezichthouder ?partij }
}
