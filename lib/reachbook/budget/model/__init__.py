"""Media-mix model: posterior contributions and response curves of the channels."""
