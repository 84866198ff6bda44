"""The papers of `docs/safety`: data that name the tests behind them, and the pages written from it."""
