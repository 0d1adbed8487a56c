"""A checkpoint's report: what is measured of its music, against what, as plain data and as a page."""
