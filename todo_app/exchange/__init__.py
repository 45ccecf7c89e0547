"""Files that tasks come from and go to: each format is read into the same records, and written from them."""
