"""The stairs: one short function per thing the service does. Gather, decide, apply."""
