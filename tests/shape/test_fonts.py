"""The vendored fonts: complete, free, and the only ones a document sees."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont

from tests.shape.tree import ROOT

FONTS = ROOT / "web" / "static" / "fonts"
FACES = [
    f"{family}-{weight}.ttf" for family in ("NotoSansSC", "NotoSerifSC") for weight in ("Regular", "Bold")
]
RARE = "㛃𬭚䶮㑇㥄囍龘〇"
MARKS = ",。、;:?!“”‘’()〔〕《》【】…—·×÷½≥≤●■▲◆①⑩✓￥"


@pytest.mark.parametrize("face", FACES)
def test_each_face_has_every_character_of_ordinary_papers_and_rare_names(face: str) -> None:
    with TTFont(FONTS / face, lazy=True) as font:
        covered = set(font.getBestCmap())
    common = "".join(
        bytes((h, low)).decode("gb2312", "ignore") for h in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)
    )
    assert len(common) == 6763
    words = (ROOT / "web" / "words.json").read_text(encoding="utf-8")
    wanted = {ord(c) for c in common + RARE + MARKS + words if not c.isspace()}
    assert "".join(map(chr, sorted(wanted - covered))) == ""


@pytest.mark.parametrize("face", FACES)
def test_each_face_may_be_embedded_and_passed_on(face: str) -> None:
    with TTFont(FONTS / face, lazy=True) as font:
        assert font["OS/2"].fsType == 0
        assert "SIL Open Font License" in font["name"].getDebugName(13)
        family = face.split("-")[0]
    licence = (FONTS / f"OFL-{family}.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_every_family_an_office_asks_for_falls_to_a_vendored_face(tmp_path: Path) -> None:
    families = {
        "serif": "Noto-Serif", "sans-serif": "Noto-Sans", "FangSong_GB2312": "Noto-Serif", "SimSun": "Noto-Serif",
        "KaiTi": "Noto-Serif", "方正小标宋简体": "Noto-Serif", "SimHei": "Noto-Sans", "Nowhere Known": "Noto-Sans",
    }  # fmt: skip
    for family, expected in families.items():
        assert fonts_in_pdf(tmp_path, FONTS / "fonts.conf", family) == {expected}, family


def test_a_licensed_face_is_used_as_soon_as_it_lies_in_the_folder(tmp_path: Path) -> None:
    fonts = tmp_path / "web" / "static" / "fonts"
    fonts.mkdir(parents=True)
    for face in (*FACES, "fonts.conf"):
        shutil.copy(FONTS / face, fonts)
    (tmp_path / "web" / "fonts").mkdir()
    assert fonts_in_pdf(tmp_path, fonts / "fonts.conf", "FangSong_GB2312") == {"Noto-Serif"}
    make_face(tmp_path / "web" / "fonts" / "bought.ttf", "仿宋_GB2312")
    assert fonts_in_pdf(tmp_path, fonts / "fonts.conf", "FangSong_GB2312") == {"仿宋_GB2312"}


def make_face(path: Path, family: str) -> None:
    """Write a small face under another name, standing in for one an office has bought."""
    font = TTFont(FONTS / "NotoSerifSC-Regular.ttf")
    subset = Subsetter()
    subset.populate(text="议事厅")
    subset.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4, 16):
            record.string = family
    font.save(path)


def fonts_in_pdf(folder: Path, conf: Path, family: str) -> set[str]:
    """Render one line in a process of its own and ask the PDF which faces it holds."""
    script = (
        "import sys, weasyprint\n"
        "html = f'<style>p {{ font-family: {sys.argv[1]} }}</style><p>议事厅</p>'\n"
        "weasyprint.HTML(string=html).write_pdf(sys.argv[2])"
    )
    pdf = folder / "line.pdf"
    environment = {**os.environ, "FONTCONFIG_FILE": str(conf), "XDG_CACHE_HOME": str(folder / "cache")}
    subprocess.run([sys.executable, "-c", script, f'"{family}"', str(pdf)], env=environment, check=True)
    listed = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True, check=True).stdout
    names = {line.split()[0].split("+")[-1] for line in listed.splitlines()[2:]}
    return {name.removesuffix("-SC") for name in names}
