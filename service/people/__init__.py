"""The pages for people: the same knowledge and the same answers, entered and read without writing JSON."""
