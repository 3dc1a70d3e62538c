"""Drafts a study from files as platforms export them: recognised by presets, or guessed by names and values."""
