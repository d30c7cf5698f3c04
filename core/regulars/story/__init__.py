"""What is said, and in which order: sheets and slides as pure data."""
