"""Is the work right and in time: the bureau's figures, each with the list behind it."""
