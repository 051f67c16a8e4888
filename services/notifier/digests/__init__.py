"""Digests (督办周报): one message per unit and cycle that holds all its open matters."""
