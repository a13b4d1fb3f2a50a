"""What officers decide of rows that nobody else can tell."""
