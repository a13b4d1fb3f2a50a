"""Pages for people: thin views over the rooms below. No rules here."""
