"""From a sample sheet and a question to a full-rank paired model."""
