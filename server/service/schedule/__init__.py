"""What runs by itself, once for the whole installation: jobs, the lease of their runner, their health."""
