"""Camera, microphone and screen: what they show, and their way into the vault."""
