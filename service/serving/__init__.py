"""Connections, and the worker that answers them: no slow client holds it up, and it ends in time."""
