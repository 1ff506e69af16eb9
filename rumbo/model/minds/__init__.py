"""What people believe, and what it makes of their setting out: arrays and the tables behind them."""
