"""The contract as OpenAPI, written in development from what the code takes and gives."""
