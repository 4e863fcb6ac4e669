"""Letters: who receives which, when, and what stands in them."""
