"""Which targets a question is about and what they are called, and the changes of their lights as they are read."""
