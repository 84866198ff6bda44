"""A rule set in plain English, for clinicians to read, review and sign."""
