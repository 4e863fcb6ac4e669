"""What a manager asks for: figures by the profile's rules, of one office or of several together."""
