"""Making music: scores, codecs, the network, sampling. Knows no Django, no channel, no queue."""
