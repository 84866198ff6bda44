"""What the command line does beyond a single patient: files of them, versions, a demonstration."""
