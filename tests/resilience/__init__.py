"""How the service bears slow clients, floods, killed workers and reloads, measured against a real one on loopback."""
