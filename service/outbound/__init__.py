"""The only way out: to servers that the operator listed, at addresses that were checked, within a deadline."""
