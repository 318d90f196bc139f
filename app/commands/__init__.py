"""What `python -m app` can do, one command per file."""
