"""The notebook: threads, comms, traits."""
