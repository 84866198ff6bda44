"""What is seen of the service from outside: its log, its numbers and its traces, never a patient."""
