"""The doors: HTTP in, one call to a use case, HTTP out. Nothing clinical is decided here."""
