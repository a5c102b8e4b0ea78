"""What is installed, whether its parts agree, and what is missing for what."""
