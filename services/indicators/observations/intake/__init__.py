"""Taking figures in: rows as they come, what each says, and the checks of all of them against what there is (报数)."""
