"""The engine: study + parameters + notebook become a versioned report. It knows no statistics."""
