"""One party's node: the only part of the channel with files, sockets and a clock."""
