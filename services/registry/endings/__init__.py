"""Ending what was entered by mistake: the version that ends an object, refused while anything in force names it."""
