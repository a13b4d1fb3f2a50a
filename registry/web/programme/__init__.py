"""Where managers read the plan: figures, the lists behind them, downloads."""
