"""Who somebody is: accounts, sessions, tickets, entry links."""
