"""How surprised a network is by music, beside a trigram."""
