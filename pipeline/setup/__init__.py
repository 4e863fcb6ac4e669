"""Getting an office started."""
