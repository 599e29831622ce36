"""How it was: what both sides say of a mediation after its end, joined to no name and no case."""
