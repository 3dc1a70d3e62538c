"""What is kept beside and of published versions: reviews, metadata for archives, bundles, and what may go."""
