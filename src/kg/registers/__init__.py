"""Registers elsewhere: fetched, read, and kept as triples beside our own data.

framework   what an importer is: Register, Record, Finding, and the words every record has
exports     saved JSON, JSON Lines and CSV, one record at a time
known       the table of importers; each is a module with a REGISTER
importing   a saved export → {build}/registers/{name}.nq and {name}.json, all or nothing
imported    what was imported, as a build finds it
"""
