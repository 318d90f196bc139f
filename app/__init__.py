"""Decision support for autoimmune disease that flares after tacrolimus was stopped."""

__version__ = "0.1.0"
