"""Reading `key = value` lines."""


def parse_cfg(text, comment="#"):
    """Parse lines of `key = value` into a dict.

    Blank lines and lines that start with `comment` are skipped.
    """
    values = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith(comment):
            continue
        key, separator, value = line.partition("=")
        if not separator:
            raise ValueError(f"line {number}: no '=' in {line!r}")
        values[key.strip()] = value.strip()
    return values
