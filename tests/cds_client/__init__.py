"""A CDS Hooks client of somebody else's making, run against the service."""
