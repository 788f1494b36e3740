"""A line between rival parties that neither side controls: signed, logged alike, provable."""
