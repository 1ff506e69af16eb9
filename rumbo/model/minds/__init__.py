"""What people believe of dated events, and how fast it has them set out or ask for a turn."""
