"""Every rule is proved by a test that bears its mark, or listed with a reason; the page says the same."""

import pytest

from tests.shape.rule_tables import SECURITY, TABLES, RuleTable, marked, page

LAST_SECURITY_RULE = 93


def test_every_security_rule_is_listed_once_and_in_order() -> None:
    assert list(SECURITY.rules()) == [f"S{number}" for number in range(1, LAST_SECURITY_RULE + 1)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.title)
def test_every_rule_is_proved_or_has_a_reason(table: RuleTable) -> None:
    proofs = marked()
    open_rules = [
        rule for rule, entry in table.rules().items() if rule not in proofs and not entry.get("reason")
    ]
    assert not open_rules, (
        f"mark a test with rule(…) or write a reason into {table.source.name}: {open_rules}"
    )


def test_every_mark_names_a_rule() -> None:
    known = {rule for table in TABLES for rule in table.rules()}
    assert set(marked()) - known == set()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.title)
def test_a_list_holds_rules_of_its_own_kind(table: RuleTable) -> None:
    assert [rule for rule in table.rules() if not table.owns(rule)] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.title)
def test_the_page_is_what_the_sources_say(table: RuleTable) -> None:
    assert table.page.read_text(encoding="utf-8") == page(table), "run: python -m tests.shape.rule_tables"
