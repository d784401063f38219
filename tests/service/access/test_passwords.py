"""A password needs ten characters and must not be the first thing a guesser tries; nothing else is asked."""

import pytest

from server.service.access import accounts
from server.service.access.passwords import password_fault

GUESSED = [
    "woaini1314",
    "woaini5201314",
    "WoAiNi1314",
    "qwer12345678",
    "qwertyuiop",
    "1qaz2wsx3edc",
    "asdfghjkl123",
    "a123456789",
    "password123",
    "Password2024",
    "admin123456",
    "Admin@123456",
    "iloveyou520",
    "8888888888",
    "1234567890",
    "0987654321",
    "zyxwvutsrq",
    "abcabcabcabc",
    "aaaaaaaaaaaa",
    "19880101aa",
    "wang19880808",
    "zhang123456",
    "qq123456789",
    "abc1234567",
    "xiaoqu8888",
    "我爱你我爱你我爱你我",
    "dragon123456",
    "5201314520",
    "20082008aaa",
    "!@#$%^&*()",
    "juweihui2025",
]
GOOD = [
    "correct horse",
    "battery staple",
    "东门的桂花今年开得早啊",
    "三号楼二单元没有电梯呀",
    "mykv-8f2p-qq7d",
    "tian re he lv dou tang",
    "wo jia de mao jiao tangyuan",
    "梧桐树下 buy 2 斤豆腐",
    "JGzbR-9xd-pl",
]


@pytest.mark.rule("S92")
@pytest.mark.parametrize("password", GUESSED)
def test_what_a_guesser_tries_first_is_refused(password: str) -> None:
    assert "太常见" in password_fault(password)


@pytest.mark.parametrize("password", GOOD)
def test_anything_else_of_ten_characters_is_fine(password: str) -> None:
    assert password_fault(password, ["周敏", "金穗小区", "council"]) == ""


def test_only_the_length_is_counted() -> None:
    assert password_fault("豆腐脑加糖吗") == "至少10个字符，现在6个"
    assert password_fault("x" * 3 + "豆腐" * 99) == "最多200个字符"
    assert "特殊字符" in password_fault("battery\x00staple")


@pytest.mark.parametrize(
    "password", ["zhoumin-2024", "金穗小区金穗小区2024", "周敏zhoumin123", "JinSui+zhoumin"]
)
def test_a_password_of_names_alone_is_refused(password: str) -> None:
    assert "猜得到" in password_fault(password, ["zhoumin", "周敏", "金穗小区", "jinsui"])


def test_a_name_inside_a_whole_sentence_does_no_harm() -> None:
    assert password_fault("周敏最喜欢吃东门的豆腐脑", ["周敏"]) == ""


def test_a_drawn_password_is_always_good() -> None:
    assert [drawn for drawn in (accounts.new_password() for _ in range(300)) if password_fault(drawn)] == []


def test_the_longest_hostile_text_is_judged_quickly() -> None:
    for text in ("1" * 200, "aa" * 99 + "é", "123" * 66 + "¿", "qwe" * 66):
        password_fault(text)


def test_full_width_digits_are_digits() -> None:
    assert "太常见" in password_fault("".join(chr(ord(digit) + 0xFEE0) for digit in "1234567890"))
