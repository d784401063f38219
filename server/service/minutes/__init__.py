"""The minutes from draft to print."""
