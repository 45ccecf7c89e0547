"""Benchmarks: `python -m bench` measures every question and prints figure, goal, pass or miss."""
