"""Rooms, assignment, ratings, and the websocket that listeners talk to."""
