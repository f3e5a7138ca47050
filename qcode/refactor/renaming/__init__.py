"""A name becomes another: what is renamed, what stands in its way, and what is left to the reader."""
