"""Questions that arise on the way: did treatment work, did it stop working, what does that ask for."""
