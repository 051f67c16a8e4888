"""Institutional reforms (机构改革): units merged, split, renamed, founded, and who takes over what was theirs."""
