"""`python -P -m qcode.backends.engine`: the process itself; clients start it."""

from qcode.backends.engine.process import main

if __name__ == "__main__":
    raise SystemExit(main())
