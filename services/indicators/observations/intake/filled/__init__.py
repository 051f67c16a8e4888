"""Tables of figures as clerks fill them in with Excel or WPS."""
