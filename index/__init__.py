"""Finding: documents become passages in a store, and questions find them again.

Imports from `corpus` only.
"""
