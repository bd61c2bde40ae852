"""Where the frozen program begins: the same folder holds the console program and the desk without a console."""

import sys
from pathlib import Path

from faceid_review.__main__ import desk, main

if Path(sys.executable).stem.endswith("-desk"):
    sys.exit(desk())
sys.exit(main())
