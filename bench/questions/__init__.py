"""One module per question: its first line asks, its ``answer()`` measures and returns figures."""
