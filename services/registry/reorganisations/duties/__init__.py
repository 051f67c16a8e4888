"""What is open and names a unit, whatever it is: the duties that a successor takes over."""
