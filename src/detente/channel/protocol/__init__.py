"""One node of a line, without clock, socket or file: bytes and events in, writes and events out."""
