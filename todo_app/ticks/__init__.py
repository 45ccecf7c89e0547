"""What happens every so often, and who says when: APScheduler in one process, a cron binding in a cluster."""
