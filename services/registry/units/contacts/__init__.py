"""The people of a unit who receive its notices (联系人): who holds a role, who stands in, who takes over."""
