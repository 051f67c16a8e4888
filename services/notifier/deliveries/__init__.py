"""Deliveries (投递): what is to leave, when, what each attempt ended in; sent once or visibly uncertain."""
