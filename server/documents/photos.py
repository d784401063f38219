"""Photos made harmless: decoded, turned upright, stripped and encoded anew (S62, S63). Runs in the worker only."""

import warnings
from io import BytesIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from server.documents.failed import DocumentFailed

MAX_PIXELS = 8_000_000
MAX_SIDE = 1600
THUMBNAIL_SIDE = 320

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def reencode(data: bytes) -> tuple[Image.Image, bytes, Image.Image, bytes]:
    """Gives the picture and its thumbnail, each with its JPEG bytes without any metadata.

    Only PNG and JPEG, told by decoding; at most 8 million pixels; sides shrunk to 1600 and 320.
    Raises DocumentFailed: PHOTO_UNREADABLE, PHOTO_TOO_LARGE.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, in the same process, switches it on
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=["PNG", "JPEG"]) as opened:
                picture = _on_white(ImageOps.exif_transpose(opened))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise DocumentFailed(
            "PHOTO_TOO_LARGE", "照片超过800万像素。请在手机上选“普通”而不是“原图”，或先截屏再上传。"
        ) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, OverflowError):
        raise DocumentFailed(
            "PHOTO_UNREADABLE", "这个文件不是完整的照片。请上传JPG或PNG格式的照片。"
        ) from None
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return picture, _jpeg(picture, 85), small, _jpeg(small, 78)


def _on_white(picture: Image.Image) -> Image.Image:
    """A plain RGB copy: paper white where the picture was transparent, no profile, no comment."""
    if "A" in picture.getbands() or "transparency" in picture.info:
        ground = Image.new("RGBA", picture.size, "#FFFFFF")
        ground.alpha_composite(picture.convert("RGBA"))
        picture = ground
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
