"""The parts that all steps of a run of downsync share: its state, its disk work, its files."""
