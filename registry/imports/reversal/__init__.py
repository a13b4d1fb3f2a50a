"""Taking back what a batch wrote, from the history: all of it, or nothing and why not."""
