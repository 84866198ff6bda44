"""Files that come with the service although the repository keeps them at its top."""

from pathlib import Path

HERE = Path(__file__).parent


def shipped(name: str) -> Path:
    """Where such a file is: inside an installed package, else at the top of the repository."""
    installed = HERE / name
    return installed if installed.exists() else HERE.parent / name


EXAMPLE = shipped("examples/patient.json")
