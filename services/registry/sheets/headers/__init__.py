"""The headers of sheets: titles, codes, units of measure, in one row or two."""
