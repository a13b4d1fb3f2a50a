"""Officers' lists: upload, reading, review, writing, taking back."""
