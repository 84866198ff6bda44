"""The knowledge on the wire, to be read one by one: the catalogue of facts, rule sets, rules and sources."""
