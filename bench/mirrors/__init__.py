"""The benchmark of the mirror: its account, its peers, and the programs whose memory is measured."""
