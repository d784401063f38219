"""What is left out of scripts and style sheets on their way to a phone changes nothing they do."""

import re
import subprocess
from pathlib import Path

from server.pages.slimming import without_comments
from tests.shape.tree import ROOT

_INDENT = re.compile(r"\n +")
STATIC = ROOT / "web" / "static"
OURS = [
    path
    for folder in ("live", "minutes", "office", "join", "css")
    for ending in ("*.js", "*.css")
    for path in sorted((STATIC / folder).rglob(ending))
]


def minified(folder: Path, files: dict[str, str]) -> dict[str, str]:
    """What a real parser understands of each file."""
    for name, text in files.items():
        (folder / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "in" / name).write_text(text, encoding="utf-8")
    program = str(ROOT / "web" / "node_modules" / ".bin" / "esbuild")
    command = [
        program,
        "--minify",
        "--log-level=error",
        "--outbase=in",
        "--outdir=out",
        *(f"in/{n}" for n in files),
    ]
    subprocess.run(command, cwd=folder, check=True)
    return {name: (folder / "out" / name).read_text(encoding="utf-8") for name in files}


def test_nothing_but_comments_and_indents_is_left_out(tmp_path: Path) -> None:
    whole = {str(path.relative_to(STATIC)): path.read_text(encoding="utf-8") for path in OURS}
    slim = {name: without_comments(f"/static/{name}", text) for name, text in whole.items()}
    assert all(slim[name].count("\n") == text.count("\n") for name, text in whole.items())
    thin, thick = minified(tmp_path / "slim", slim), minified(tmp_path / "whole", whole)
    # Within a template's text a line feed and the blanks behind it are one blank to whoever reads it.
    assert {name: _INDENT.sub("\n", text) for name, text in thick.items()} == thin
    for suffix, most in ((".js", 0.85), (".css", 0.95)):
        sizes = [(len(slim[name]), len(whole[name])) for name in whole if name.endswith(suffix)]
        assert len(sizes) > 10
        assert sum(thin for thin, _ in sizes) < most * sum(thick for _, thick in sizes)


def test_comments_go_and_what_looks_like_one_stays() -> None:
    script = (
        '// why\nconst a = "// stays"; // stays too\n/**\n * types\n */\nlet b;\n'
        "  /** @type {x} */\n/** @type {y} */ (b) = 1;\n"
    )
    assert without_comments("/static/live/a.js", script) == (
        '\nconst a = "// stays"; // stays too\n\n\n\nlet b;\n\n/** @type {y} */ (b) = 1;\n'
    )
    sheet = 'a { content: "/* stays */"; } /* goes\nhere */ b { color: red; }\n'
    assert without_comments("/static/css/a.css", sheet) == (
        'a { content: "/* stays */"; } \n b { color: red; }\n'
    )


def test_vendored_files_keep_their_licences() -> None:
    text = "/** @license somebody */\n// more\n"
    assert without_comments("/static/vendor/ui.js", text) == text
