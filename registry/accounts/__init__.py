"""People who sign in and what they may do. Not for contact persons of enterprises."""
