"""The six treatment options: may it be given, what speaks for and against it, and at which dose."""
