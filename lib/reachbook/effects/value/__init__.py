"""Value of an effect, and the choice that it implies."""
