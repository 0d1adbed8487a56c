"""What happens while a network is trained: the loop, its judge, who watches it, and a state to go on from."""
