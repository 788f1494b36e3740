"""A world that fails as told: the channel's nodes on simulated disks and a simulated network."""
