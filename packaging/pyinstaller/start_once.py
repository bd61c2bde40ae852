"""Starts a frozen folder once:  python start_once.py build/dist/faceid-review

It must print its help, and its simulator must come up far enough to print its base URL; then the simulator is
stopped. Exit 1 and the program's own words where it does not.
"""

import subprocess
import sys
import threading
from pathlib import Path

LONGEST = 120  # seconds until a program that says nothing is given up


def main() -> int:
    program = Path(sys.argv[1]).resolve() / (
        "faceid-review.exe" if sys.platform == "win32" else "faceid-review"
    )
    usage = subprocess.run(
        [program, "--help"], capture_output=True, text=True, encoding="utf-8", timeout=LONGEST
    )
    if usage.returncode or "faceid-review" not in usage.stdout:
        print(f"{program} --help: exit {usage.returncode}\n{usage.stdout}{usage.stderr}")
        return 1
    print(usage.stdout.splitlines()[0])

    asked = [program, "simulate", "--ids", "1"]
    with subprocess.Popen(
        asked, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as simulator:
        giving_up = threading.Timer(LONGEST, simulator.kill)
        giving_up.start()
        said = []
        for line in simulator.stdout or ():
            said.append(line)
            if "http://127.0.0.1:" in line:
                break
        giving_up.cancel()
        simulator.terminate()
        if not said or "http://127.0.0.1:" not in said[-1]:
            print("simulate never printed a base URL:\n" + "".join(said))
            return 1
    print(f"simulate came up at {said[-1].strip()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
