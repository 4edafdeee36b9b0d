"""What the graph is published with, and where: a catalogue by the standards of others, and the way into theirs.

publication  who publishes, where and on which terms: settings
datasets     which datasets the graph is published as
datafiles    which files of a release are forms of which dataset
codelists    the entries of code lists that a catalogue may use
describing   triples about named nodes, said and read with short names
catalogue    datasets, files and services in DCAT-AP-NL
hydra        a long catalogue in pages
schemaorg    a catalogue for search engines
void         a release in figures
sitemap      the pages that a search engine should know
documents    all of these, written into a release and read from it
payloads     a catalogue as the delivery API of data.overheid.nl takes it
delivery     these, made or replaced at that API
"""
