"""Scores -> training arrays: sides and their splits, lines of tokens, windows, batches, transposition."""

from generation.corpus.building import Corpus, LeftOut, Side, build_corpus, choose_held_out, fit_codec, is_sliding

__all__ = ["Corpus", "LeftOut", "Side", "build_corpus", "choose_held_out", "fit_codec", "is_sliding"]
