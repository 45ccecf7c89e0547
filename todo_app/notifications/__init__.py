"""Ways to reach people outside the app, behind one port, and the couriers that use them."""
