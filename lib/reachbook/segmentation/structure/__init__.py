"""Evidence for segments and their number: null reference, density valleys, stability, and the choice of k."""
