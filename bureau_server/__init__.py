"""The bureau's side. It will receive the same events and check them with the same words."""
