"""Inputs that nobody thought of: `make fuzz` sends what the contract allows and forbids, then bends what we read."""
