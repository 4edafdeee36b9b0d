"""Links out: which things of ours a register elsewhere has too, and which of them its records name.

names        names made comparable
things       what is compared: a kind, names, abbreviations and identifiers
candidates   pairs of things that may be the same, with a confidence and the reasons
mentions     names of ours as whole words in the texts of records
suggestions  candidates and mentions as SSSOM rows, beside what a person decided before
decisions    a person accepts or rejects a row
records      what the accepted rows say of the records in a release
"""
