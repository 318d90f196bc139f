"""Measurements: the engine alone, and the service against bare apps on the same machine in the same run."""
