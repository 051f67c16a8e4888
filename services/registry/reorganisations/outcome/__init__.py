"""What a reorganisation makes of what there is."""
