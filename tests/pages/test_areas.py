"""Areas and councils: the tree, a council with five parties, what may change afterwards."""

import re

from server.pages.context import Services
from server.service.community import councils
from tests.pages.cast import Cast, words_of


def council_form(services: Services, council: str, **changes: str) -> dict[str, str]:
    """Return the form of a council as its page sends it."""
    form = {"name": "金穗小区议事会", "organisation": "芙蓉社区居民委员会", "venue": "", "telephone": ""}
    with services.database.reader() as session:
        for place, party in enumerate(councils.list_parties(session, council), 1):
            form |= {
                f"id{place}": party.id,
                f"party{place}": party.name,
                f"mark{place}": party.mark,
                f"seats{place}": str(party.seats),
            }
    return form | changes


def parties_of(services: Services, council: str) -> list[tuple[str, str, int]]:
    with services.database.reader() as session:
        return [(row.name, row.mark, row.seats) for row in councils.list_parties(session, council)]


def test_an_area_is_added_under_another_and_renamed(services: Services, cast: Cast) -> None:
    form = {"parent": cast.area, "level": "building", "name": "3栋"}
    assert cast.administrator.post("/office/areas", form).status_code == 303
    page = cast.administrator.get("/office/areas").get_data(as_text=True)
    assert page.index("金穗小区") < page.index("3栋")
    twice = cast.administrator.post("/office/areas", form)
    assert twice.status_code == 422
    assert "已经有了" in words_of(twice)
    assert 'value="3栋"' in twice.get_data(as_text=True)
    path = f"/office/areas/{cast.area}"
    assert 'value="金穗小区"' in cast.administrator.get(path).get_data(as_text=True)
    assert cast.administrator.post(path, {"name": "金穗家园"}).status_code == 303
    assert "金穗家园" in words_of(cast.administrator.get("/office/areas"))
    assert cast.administrator.post(path, {"name": ""}).status_code == 422
    assert cast.administrator.get("/office/areas/nowhere").status_code == 404


def test_an_area_needs_a_known_level(cast: Cast) -> None:
    answer = cast.administrator.post("/office/areas", {"level": "galaxy", "name": "银河"})
    assert answer.status_code == 422
    assert "请选一项" in words_of(answer)


def test_a_council_begins_with_five_parties_of_three_seats(services: Services, cast: Cast) -> None:
    page = cast.administrator.get(f"/office/councils/new?area={cast.area}")
    assert f'value="{cast.area}" selected' in page.get_data(as_text=True)
    form = {"area": cast.area, "name": "左邻右里", "organisation": "陈家湾社区居民委员会"}
    answer = cast.administrator.post("/office/councils", form)
    assert answer.status_code == 303
    council = answer.location.split("/")[3]
    assert parties_of(services, council) == [
        ("小区管理单位", "管", 3),
        ("物业", "物", 3),
        ("社区", "社", 3),
        ("邻长", "邻", 3),
        ("业主", "业", 3),
    ]
    assert "下一步登记代表" in words_of(cast.administrator.get(answer.location))
    words = words_of(cast.administrator.get(f"/office/councils/{council}"))
    assert "赞成票超过实到人数的三分之二，表决通过。" in words
    twice = cast.administrator.post("/office/councils", form)
    assert twice.status_code == 422
    assert 'value="陈家湾社区居民委员会"' in twice.get_data(as_text=True)


def test_the_usual_names_of_a_communitys_council_are_typed_already(cast: Cast) -> None:
    added = cast.administrator.post("/office/areas", {"level": "community", "name": "杏园社区"})
    assert added.status_code == 303
    tree = cast.administrator.get("/office/areas").get_data(as_text=True)
    area = re.search(r'href="/office/areas/(\w+)">杏园社区<', tree)
    assert area
    page = cast.administrator.get(f"/office/councils/new?area={area[1]}").get_data(as_text=True)
    assert 'value="杏园社区议事会"' in page
    assert 'value="杏园社区居民委员会"' in page
    assert cast.administrator.get("/office/councils/new?area=nowhere").status_code == 200


def test_parties_and_seats_change_on_the_councils_page(services: Services, cast: Cast) -> None:
    path = f"/office/councils/{cast.council}"
    form = council_form(services, cast.council, seats5="12", party6="承租户", mark6="", seats6="2")
    assert cast.administrator.post(path, form).status_code == 303
    assert parties_of(services, cast.council)[4:] == [("业主", "业", 12), ("承租户", "承", 2)]
    gone = council_form(services, cast.council, party6="", seats6="")
    assert cast.administrator.post(path, gone).status_code == 303
    assert len(parties_of(services, cast.council)) == 5


def test_a_party_with_people_cannot_go_or_shrink_below_them(services: Services, cast: Cast) -> None:
    path = f"/office/councils/{cast.council}"
    gone = cast.administrator.post(path, council_form(services, cast.council, party2="", seats2=""))
    assert gone.status_code == 422
    assert "物业" in words_of(gone)
    none = cast.administrator.post(path, council_form(services, cast.council, seats2="0"))
    assert none.status_code == 422
    assert "每一方要写名称和席位数" in words_of(none)
    double = cast.administrator.post(path, council_form(services, cast.council, party2="业主"))
    assert double.status_code == 422
    assert "不能一样" in words_of(double)
    assert len(parties_of(services, cast.council)) == 5


def test_the_procedure_is_told_in_plain_words_with_its_source(cast: Cast) -> None:
    words = words_of(cast.organiser.get("/office/procedure"))
    for sentence in ("应到代表的三分之二以上到会", "每次发言不超过3分钟", "第二百七十八条", "金穗小区议事会"):
        assert sentence in words


def test_areas_and_councils_are_the_administrators_business(cast: Cast) -> None:
    for path in ("/office/areas", f"/office/areas/{cast.area}", f"/office/councils/{cast.council}"):
        assert cast.stranger.get(path).status_code == 303
        for person in (cast.organiser, cast.chair, cast.representative):
            assert person.get(path).status_code == 403
            assert person.post(path, {"name": "x"}).status_code == 403
    assert cast.administrator.get("/office/councils/nowhere").status_code == 404
