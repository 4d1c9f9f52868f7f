"""Every write on patients, their chart, consents and safety tasks."""
