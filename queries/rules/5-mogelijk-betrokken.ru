#+ title-nl: Een lid van een deelnemende groep is mogelijk betrokken, tenzij het is uitgezonderd of zelf genoemd
#+ title-en: A member of a group that takes part may be involved, unless it is excepted or named itself

PREFIX sb: <https://w3id.org/spoorboek/def#>

INSERT {
    ?actie sb:mogelijkBetrokken ?lid .
    GRAPH <https://w3id.org/spoorboek/graph/inferred/5-mogelijk-betrokken> { ?actie sb:mogelijkBetrokken ?lid }
}
WHERE {
    ?actie sb:deelname ?deelname .
    ?deelname sb:partij ?groep .
    ?groep sb:lid+ ?lid .
    FILTER NOT EXISTS { ?deelname sb:uitgezonderd ?lid }
    FILTER NOT EXISTS { ?actie sb:deelname/sb:partij ?lid }
    FILTER NOT EXISTS { ?actie sb:mogelijkBetrokken ?lid }
}
