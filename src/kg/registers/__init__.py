"""Registers elsewhere: fetched, read, and kept as triples beside our own data.

framework   what an importer is: Register, Record, Finding, and the words every record has
client      the one HTTP client: polite to others, safe for us
fetching    one file from elsewhere, kept, asked for again only when it changed
pages       an export that comes in pages, as one file
exports     saved JSON, JSON Lines and CSV, one record at a time
known       the table of importers; each is a module with a REGISTER
importing   a saved export → {build}/registers/{name}.nq and {name}.json, all or nothing
imported    what was imported, as a build finds it
link_check  whether what we refer to still answers
"""
