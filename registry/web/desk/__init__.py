"""The officers' desk: queues of work, verification, evidence. Closed pages."""
