"""Registers elsewhere: fetched, read, and kept as triples beside our own data.

framework          what an importer is: Register, Record, Finding, and the words every record has
known              the table of registers; each is a module with a REGISTER
client             the one HTTP client for what anybody may fetch: polite to others, safe for us
robots             what a robots.txt says to us
fetching           a file from elsewhere, kept, asked for again only when it changed
pages              an export that comes in pages, as one file
exports            saved JSON, JSON Lines and CSV, one record at a time
xml_records        the same for XML, also in a ZIP archive, without anything that it names elsewhere
rdf_files          the same for RDF, a statement at a time
facts              what is read of one record, and what in it cannot be what its word asks
importing          a saved export → {build}/registers/{name}.nq and {name}.json, all or nothing
imported           what was imported, as a build finds it
link_check         whether what the graph refers to still answers
algoritmeregister  algorithms that public bodies use
bwb                Dutch laws, by their names
data_overheid      datasets of data.overheid.nl, or of any catalogue in DCAT
ict_dashboard      large ICT projects of the central government
organisaties       the Register van Overheidsorganisaties, and the Woo-index in it
tooi               the TOOI lists of public organisations
woo_categories     the kinds of information of the Woo, by name
"""
