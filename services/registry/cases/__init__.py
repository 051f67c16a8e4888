"""What moves step by step between people (事项流转): who, when, why; each act a version."""
