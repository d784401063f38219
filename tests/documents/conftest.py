"""One real pool for the tests of this folder: starting a worker takes a second."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.documents.pool import DocumentPool

PdfText = Callable[..., str]


@pytest.fixture(scope="session")
def pool() -> Iterator[DocumentPool]:
    """One worker, so that what a test does to it is seen by the next request."""
    pool = DocumentPool(1)
    yield pool
    pool.close()


@pytest.fixture
def pdf_text(tmp_path: Path) -> PdfText:
    """Reads a PDF back with poppler: `pdf_text(pdf, "-layout")`, or another poppler tool by `tool=`."""

    def read(pdf: bytes, *options: str, tool: str = "pdftotext") -> str:
        path = tmp_path / "paper.pdf"
        path.write_bytes(pdf)
        to_stdout = ["-"] if tool == "pdftotext" else []
        done = subprocess.run([tool, *options, str(path), *to_stdout], capture_output=True, check=True)
        return done.stdout.decode()

    return read
