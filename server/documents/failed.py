"""Why a document could not be made, in words for the person who asked for it."""


class DocumentFailed(Exception):
    """A paper, picture, text or signature was not made.

    code: what is the case (`TEXT_TOO_LONG`, `GLYPH_MISSING`, `PHOTO_TOO_LARGE`, `RENDER_FAILED` …).
    sentence: one or two Chinese sentences, what is the case and what to do; safe to show.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence
