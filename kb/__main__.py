"""`python3 -m kb`: refuse an old Python in one line, then prepare the environment and hand over.

This file and `kb/__init__.py` must parse on every Python there is, 2.7 too: no annotations, no f-strings.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("kb needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])

if __name__ == "__main__":
    from kb.bootstrap import start

    sys.exit(start(sys.argv[1:]))
