"""Two hundred texts that programs stumble over: turned, unseen, towering, halved, wide, rare, long."""

# ruff: noqa: RUF001

from collections.abc import Iterator, Sequence

# Where a sent text is found again among all others; every text carries it in front.
MARK = "〇"
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
UNSEEN = (
    "\u200b\u200c\u200d\u2060\u2061\u2064\ufeff\u00ad\u034f\u180e\u115f\u1160\u17b4\u3164\uffa0\u2800\ufff9\ufffc"
    "\u206a\U000e0001\U000e0041\U0001d173"
)
LINES = ("\r", "\r\n", "\n", "\t", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
NONCHARACTERS = "\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0001ffff\U0010fffe\U0010ffff"
HALVES: Sequence[str] = (
    "\ud800",
    "\udbff",
    "\udc00",
    "\udfff",
    "\udc00\ud800",
    "a\ud83db",
    "\ud83d" + "\ude00",
)
WRITTEN_FROM_THE_RIGHT: Sequence[str] = (
    "\u05e9\u05dc\u05d5\u05dd",
    "\u05e9\u05dc\u05d5\u05dd 3",
    "\u05e9\u05dc\u05d5\u05dd (3) 12-5",
    "\u0645\u062d\u0645\u062f",
    "\u0645\u062d\u0645\u062f، 2026-001",
    "\u0626\u06c7\u064a\u063a\u06c7\u0631\u0686\u06d5",
    "3\u680b \u0626\u06c7\u064a\u063a\u06c7\u0631 4\u680b",
    "\u0710\u0712\u0713",
    "\u0780\u0783",
    "\u07ca\u07cb",
    "\U0001e900\U0001e901",
    "\u05d0\u0300\u05d1",
)
WIDE: Sequence[str] = (
    "ＡＢＣ１２３",
    "＜ｓｃｒｉｐｔ＞",
    "＝１＋１",
    "＇ＯＲ＇",
    "ｱｲｳ",
    "￥１００",
    "（）．，",
    "．．／．．／",
    "\uff0f\uff3c\uff05",
    "\u3000全角\u3000",
)
ALIKE: Sequence[str] = (
    "\u0430dmin",
    "\u0440\u0430y",
    "\u039fK",
    "\u0391\u0392",
    "a\u0131i",
    "\u017fs",
    "\u212a",
    "\u2170\u2171",
    "\u13aa\u13b3",
    "\U0001d5ba\U0001d5bd",
    "\u2488",
    "\u33a5",
    "\ufdfa",
    "\u00bd",
    "\u1e9e",
    "\u0130",
)
PICTURES: Sequence[str] = (
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f3f3\ufe0f\u200d\U0001f308",
    "\u2764\ufe0f",
    "\U0001f1e8\U0001f1f3",
    "\U0001f44d\U0001f3fd",
    "1\ufe0f\u20e3",
    "\u0915\u094d\u200d\u0937",
    "\U0001f600" * 20,
)
RARE: Sequence[str] = (
    "\u3400\u4db5",
    "\U00020000\U0002a6d6",
    "\U0002a700",
    "\U0002b740",
    "\U0002b820",
    "\U0002ceb0",
    "\U00030000",
    "\U00031350",
    "\U0002ebf0",
    "\U0002f800",
    "\uf900\ufa0e",
    "\u2e80\u2f00",
    "\u2ff0\u6c35\u6728",
    "㛃𬭚䶮",
    "邉\U000e0100",
    "\u3007",
    "\ue000\U000f0000",
    "\u31c0\u3105",
)
COMPOSED: Sequence[str] = (
    "e\u0301",
    "\u2126",
    "\u212b",
    "\u1112\u1161\u11ab",
    "\uac00\u11a8",
    "q\u0307\u0323",
    "q\u0323\u0307",
    "\u0958",
    "\u0344",
    "\u1e9b\u0323",
    "\u2adc",
    "\u0374",
    "\u1f71",
    "\u0e33",
)
LONG: Sequence[str] = (
    "长" * 10_000,
    "w" * 10_000,
    "\U00020000" * 10_000,
    "\u05d0" * 10_000,
    "\n" * 10_000,
    " " * 10_000,
    "e\u0301" * 10_000,
    "\U0001f468\u200d" * 5_000,
    "\ufdfa" * 10_000,
)


def strings() -> list[str]:
    """Return the whole set, each once, every one with ``MARK`` in front."""
    return list(dict.fromkeys(MARK + text for text in _every()))


def _every() -> Iterator[str]:
    for char in TURNING:
        yield f"{char}王五"
        yield f"王{char}五"
        yield f"王五{char}"
    for char in UNSEEN:
        yield f"王{char}五"
        yield char
    for mark in "\u0300\u0335\u20dd\u0e49":
        yield "王" + mark * 1_000
    yield "王" + "\u0335" * 6
    yield "王" + "\u0335" * 7
    for code in (*range(0x20), 0x7F, 0x80, 0x9B, 0x9F):
        yield f"王{chr(code)}五"
    yield "\x00"
    yield "王五\x00"
    yield from (f"第一行{end}第二行" for end in LINES)
    yield from (f"王{char}五" for char in NONCHARACTERS)
    yield from HALVES
    yield from WRITTEN_FROM_THE_RIGHT
    yield from WIDE
    yield from ALIKE
    yield from PICTURES
    yield from RARE
    yield from COMPOSED
    yield from LONG
