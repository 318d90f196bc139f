"""What we know: the tables as values (`base`), read and checked (`load`), and traced to rules and cases (`trace`)."""
