"""Worlds whose truth is known, small projects and writers of files, shared by the tests."""
