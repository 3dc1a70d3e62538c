"""What differs between two versions, as a page: `make diff`."""
