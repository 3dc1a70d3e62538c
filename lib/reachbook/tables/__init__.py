"""What a table must look like, reading it from where the user keeps it, and checking every row.

Light on purpose: nothing heavy is imported here. `store` is what the engine calls; it imports the readers only when
a table really has to be read.
"""
