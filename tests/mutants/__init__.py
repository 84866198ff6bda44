"""Mutation testing of a rule set: every small change to a rule or a line must make one of its examples fail.

A change that no example and no vignette notices is a promise nobody checks. `python -m tests.mutants` makes every such
change to every set, runs only what it can touch, and writes the score with each survivor to `tests/data/mutants.md`;
`--missing FILE` writes the examples that would notice the rest, ready to be read and put into the rules.
"""
