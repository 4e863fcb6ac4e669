"""Due dates: computed by the profile's rules, and explained."""
