"""Letters (文书): the texts of notices and digests."""
