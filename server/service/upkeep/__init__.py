"""What keeps an installation in order: backups, upgrades, checks, disk space."""
