"""Every security rule is proved by a test that bears its mark, or listed with a reason; the page says the same."""

import re

from tests.shape.security_table import LAST_RULE, PAGE, marked, number_of, page, read_rules

# Rules of speaking and voting (R…) and of the hall (P…) bear the same mark.
ROOM_RULE = re.compile(r"[RP][1-9]\d{0,2}")


def test_every_rule_is_listed_once_and_in_order() -> None:
    assert [number_of(rule) for rule in read_rules()] == list(range(1, LAST_RULE + 1))


def test_every_rule_is_proved_or_has_a_reason() -> None:
    proofs = marked()
    open_rules = [
        rule for rule, entry in read_rules().items() if rule not in proofs and not entry.get("reason")
    ]
    assert not open_rules, f"mark a test with rule(…) or write a reason into rules.toml: {open_rules}"


def test_every_mark_names_a_rule() -> None:
    unknown = [rule for rule in marked() if not number_of(rule) and not ROOM_RULE.fullmatch(rule)]
    assert unknown == []


def test_the_page_is_what_the_sources_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.shape.security_table"
