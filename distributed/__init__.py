"""The distributed mode on one machine, for developers and tests; the app itself never imports it."""
