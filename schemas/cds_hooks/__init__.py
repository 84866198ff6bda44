"""CDS Hooks 2.0.1: the services, what a client sends when a hook fires, and cards out of an assessment."""
