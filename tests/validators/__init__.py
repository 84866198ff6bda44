"""Validators of FHIR R4 that are not ours, run over everything that we answer: `make fhir-validate`."""
