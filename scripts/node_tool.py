"""Runs a tool from `node_modules` with the system's Node, else with the Node of the nodejs wheel."""

import shutil
import subprocess
import sys
from pathlib import Path


def main() -> int:
    name, *arguments = sys.argv[1:]
    tool = Path("node_modules") / ".bin" / name
    node = shutil.which("node") or str(Path(sys.executable).with_name("node"))
    return subprocess.call([node, str(tool.resolve()), *arguments])


if __name__ == "__main__":
    sys.exit(main())
