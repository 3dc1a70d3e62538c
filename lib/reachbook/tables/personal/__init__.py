"""How personal data look in free text: the form in which texts are read, and rules for each kind of detail."""
