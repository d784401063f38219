"""What a browser says of itself, in the few words by which its owner knows it again."""

import re

_MACHINES = (
    ("HarmonyOS", "鸿蒙手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)
# The first that is named counts: nearly all of them also call themselves Chrome or Safari.
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ浏览器"),
    ("UCBrowser", "UC浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("HuaweiBrowser", "华为浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_words(user_agent: str | None) -> str:
    """Return for instance 安卓手机 · 微信; what is not known is left out, and the text itself is never kept."""
    said = user_agent or ""
    machine = next((words for name, words in _MACHINES if name in said), "")
    if machine == "安卓手机" and not re.search("Mobile", said):
        machine = "安卓平板"
    browser = next((words for name, words in _BROWSERS if name in said), "")
    return " · ".join(part for part in (machine, browser) if part)
