"""What is said in a room, over its websocket: one union for what a listener's page says, one for what the server says.

These messages are the truth; the TypeScript of the page and docs/protocol.md are generated from them (`make protocol`).
Every client message carries an id that the page chose: the answer names it, and sending a message again does nothing
twice.
"""
