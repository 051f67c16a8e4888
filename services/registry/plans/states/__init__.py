"""The states of a plan (方案状态): set-up, active, closed; never back."""
