"""Simulated listeners over the real websocket: to rehearse a room, and to see what a server bears."""
