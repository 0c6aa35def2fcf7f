"""One file a step, linear."""
