"""A project's nodes planned backwards from its goal (倒排工期), and what became of them."""
