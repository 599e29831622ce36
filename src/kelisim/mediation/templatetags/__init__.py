"""Words of mediation's templates."""
