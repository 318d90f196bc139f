"""Decision support for autoimmune disease that flares after tacrolimus was stopped."""
