"""What the service asks of others over HTTP."""
