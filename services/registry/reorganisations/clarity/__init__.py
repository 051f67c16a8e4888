"""What about a reorganisation is unclear."""
