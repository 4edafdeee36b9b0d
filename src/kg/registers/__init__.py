"""Registers elsewhere: fetched, read, and kept as triples beside our own data.

framework   what an importer is: Register, Record, Finding, and the words every record has
known       the table of importers
importing   a saved export → {build}/registers/{name}.nq and {name}.json, all or nothing
"""
