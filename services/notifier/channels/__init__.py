"""The ways a message can leave: one file per channel behind one protocol, and the embedded mailbox."""
