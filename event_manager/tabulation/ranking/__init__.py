"""What the methods that rank whole tables share: ballots, finals, duels, transfers, pairs."""
