"""Which object a cell names: people write names where the platform keeps codes."""
