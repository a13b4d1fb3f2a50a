"""The officers' work: queues, verification, questions, duplicates, the log."""
