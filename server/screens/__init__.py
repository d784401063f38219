"""What projector, console and phone may see: pure functions from state to panels."""
