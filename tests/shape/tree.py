"""The project's own files, without what set-up or running makes."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {".git", ".venv", "node_modules", "data", "build", "vendor", "__pycache__"}


def own_files(*endings: str, under: str = ".") -> Iterator[Path]:
    """Yield every file of ours with one of the endings, relative to the project, in a steady order."""
    for path in sorted((ROOT / under).rglob("*")):
        parts = path.relative_to(ROOT).parts
        made = MADE.intersection(parts) or any(part.endswith("_cache") for part in parts)
        if not made and path.suffix in endings and path.is_file():
            yield path.relative_to(ROOT)
