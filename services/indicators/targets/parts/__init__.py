"""The indicators' part of a plan file, as it would have to be written today."""
