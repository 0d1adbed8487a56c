"""The leaf that every app may use: errors, typed events, broadcast, enqueue. Imports no app."""
