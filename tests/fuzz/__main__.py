"""`make fuzz`: a minute of bent documents, then the contract against a real server; exit 1 when something is found."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.resilience.server import ROOT, running

HERE = Path(__file__).parent
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
QUIET = {"B12CDS_LOG_LEVEL": "warning"}
SECONDS = 60
# Longer than any of these takes by far, on a slow machine too: what needs it hangs.
MOST_SECONDS_FOR_ONE = 20


def bend_what_is_read(folder: Path) -> int:
    """Fuzz the readers, guided by coverage; what is found is kept beside this file."""
    bounds = [f"-max_total_time={SECONDS}", f"-timeout={MOST_SECONDS_FOR_ONE}", "-max_len=65536", "-seed=1"]
    printed = [f"-artifact_prefix={HERE}/found-", "-verbosity=0", "-print_final_stats=1"]
    seeds = folder / "seeds"
    seeds.mkdir()
    command = [sys.executable, "-m", "tests.fuzz.reading", str(seeds), *bounds, *printed]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def ask_for_what_is_promised(folder: Path) -> int:
    """Send what the contract allows and what it forbids to the service; the page for people has tests of its own."""
    with running(folder / "log", environment=QUIET) as server:
        options = ["run", str(ROOT / "openapi.yaml"), "--url", f"http://127.0.0.1:{server.port}", "--exclude-path", "/"]
        command = [str(SCHEMATHESIS), "--config-file", str(HERE / "contract.toml"), "--no-color", *options]
        status = subprocess.run(command, cwd=folder, check=False).returncode
    failures = server.log.read_text().count(" failed: ")
    print(f"{failures} failures in the log of the service", flush=True)
    return status or int(failures > 0)


def main() -> int:
    """Both, whatever the first one finds."""
    with tempfile.TemporaryDirectory() as folder:
        return max([bend_what_is_read(Path(folder)), ask_for_what_is_promised(Path(folder))], key=abs)


if __name__ == "__main__":
    sys.exit(main())
