"""The office: questions, possible duplicates, mergers, the log. For signed-in people only."""
