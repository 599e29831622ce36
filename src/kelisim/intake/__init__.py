"""Hot writes: what arrives at the same moment is committed together, and acknowledged after."""
