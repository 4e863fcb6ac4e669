"""The profile: all that a municipality has decided, as data (``docs/profile.md``)."""
