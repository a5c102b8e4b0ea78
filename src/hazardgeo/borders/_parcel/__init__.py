"""What is recorded at a place."""
