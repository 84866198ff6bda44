"""Measurements, printed as ratios against a baseline of the same run; never part of the test suite."""
