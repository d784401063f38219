"""Areas (辖区) and councils (议事会): the tree, new councils with five parties, their facts, the procedure in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.domain.actor import Role
from server.domain.procedure.presets import PROCEDURES, procedure_of
from server.domain.procedure.words import procedure_sentences
from server.domain.refusal import RefusalCode
from server.pages.context import reading, services
from server.pages.failures import refusal_words
from server.pages.forms import Entered, showable
from server.pages.guards import office_only, office_person, reach
from server.pages.noting import carry_out_noted
from server.pages.office_frame import render_office
from server.service.access.audit import Act
from server.service.community import councils
from server.service.community.reach import reachable_areas, reachable_councils
from server.service.refused import Refused, refused
from server.store.tables.areas import AreaRow, CouncilRow

blueprint = Blueprint("areas", __name__)


@dataclass(frozen=True, slots=True)
class Branch:
    """An area with its councils and the areas below it."""

    area: AreaRow
    councils: tuple[CouncilRow, ...]
    branches: tuple["Branch", ...]


@blueprint.get("/office/areas")
@office_only(Role.ADMINISTRATOR)
def list_areas() -> str:
    """Show the tree of areas with their councils."""
    return _tree_page(Entered({}))


@blueprint.post("/office/areas")
@office_only(Role.ADMINISTRATOR)
def add_area() -> str | AnyResponse | tuple[str, int]:
    """Add an area under another one."""
    entered = Entered(request.form)
    with reading() as session:
        known = [area.id for area in reachable_areas(session, office_person().area)]
    parent = entered.choice("parent", known, must=office_person().area is not None)
    level = entered.choice("level", councils.AREA_LEVELS)
    name = entered.text("name", councils.LONGEST_NAME)
    if entered.is_good:
        try:
            carry_out_noted(
                lambda unit: councils.add_area(unit, parent_id=parent or None, level=level, name=name),
                Act.AREA_CHANGED,
                lambda added: f"area:{added}",
            )
            return redirect("/office/areas", 303)
        except Refused as error:
            entered.errors["name"] = refusal_words(error.refusal).sentence
    return _tree_page(entered), 422


@blueprint.get("/office/areas/<area_id>")
@office_only(Role.ADMINISTRATOR)
def edit_area(area_id: str) -> str:
    """Show the form for an area's name."""
    area = _reached(area_id)
    return render_office("areas/area.html", "areas", area=area, values={"name": area.name}, errors={})


@blueprint.post("/office/areas/<area_id>")
@office_only(Role.ADMINISTRATOR)
def rename_area(area_id: str) -> str | AnyResponse | tuple[str, int]:
    """Give an area another name."""
    entered = Entered(request.form)
    name = entered.text("name", councils.LONGEST_NAME)
    area = _reached(area_id)
    if entered.is_good:
        try:
            carry_out_noted(
                lambda unit: councils.rename_area(unit, area_id, name), Act.AREA_CHANGED, f"area:{area_id}"
            )
            return redirect("/office/areas", 303)
        except Refused as error:
            entered.errors["name"] = refusal_words(error.refusal).sentence
    page = render_office("areas/area.html", "areas", area=area, values=entered.values, errors=entered.errors)
    return page, 422


@blueprint.get("/office/councils/new")
@office_only(Role.ADMINISTRATOR)
def new_council() -> str:
    """Show the form for a new council."""
    with reading() as session:
        areas = {area.id: area for area in reachable_areas(session, office_person().area)}
    area = areas.get(request.args.get("area", ""))
    return _council_page(Entered({}, values=_proposed(area) if area is not None else {}), None)


def _proposed(area: AreaRow) -> dict[str, str]:
    """Return what most councils of an area are called; a community's committee convenes them."""
    values = {"area": area.id, "name": f"{area.name}议事会"}
    if area.level == "community":
        values["organisation"] = f"{area.name}居民委员会"
    return values


@blueprint.post("/office/councils")
@office_only(Role.ADMINISTRATOR)
def create_council() -> str | AnyResponse | tuple[str, int]:
    """Write a council with the five parties; seats and names are changed afterwards on its own page."""
    entered = Entered(request.form)
    with reading() as session:
        known = [area.id for area in reachable_areas(session, office_person().area)]
    area = entered.choice("area", known)
    facts = _read_facts(entered)
    if entered.is_good:
        now = services().clock()
        try:
            council: str = carry_out_noted(
                lambda unit: councils.create_council(unit, now, area_id=area, facts=facts),
                Act.COUNCIL_CHANGED,
                lambda made: f"council:{made}",
            )
            return redirect(f"/office/councils/{council}/roster?new=1", 303)
        except Refused as error:
            entered.errors["name"] = refusal_words(error.refusal).sentence
    return _council_page(entered, None), 422


@blueprint.get("/office/councils/<council_id>")
@office_only(Role.ADMINISTRATOR)
def edit_council(council_id: str) -> str:
    """Show a council's facts and parties."""
    reach(council_id)
    with reading() as session:
        council = councils.find_council(session, council_id)
    values = {
        "name": council.name,
        "organisation": council.organisation,
        "venue": council.venue,
        "telephone": council.telephone,
        "document_sign": council.document_sign,
        "introduction": council.introduction,
    }
    return _council_page(Entered({}, values=values), council)


@blueprint.post("/office/councils/<council_id>")
@office_only(Role.ADMINISTRATOR)
def save_council(council_id: str) -> str | AnyResponse | tuple[str, int]:
    """Save a council's facts and parties together."""
    reach(council_id)
    with reading() as session:
        council = councils.find_council(session, council_id)
    entered = Entered(request.form)
    facts = _read_facts(entered)
    parties = _read_parties(entered)
    if entered.is_good:
        try:
            carry_out_noted(
                lambda unit: councils.edit_council(unit, council_id, facts, parties),
                Act.COUNCIL_CHANGED,
                f"council:{council_id}",
            )
            return redirect(f"/office/councils/{council_id}?done=1", 303)
        except Refused as error:
            field = "name" if error.refusal.code.value == "NAME_TAKEN" else "parties"
            entered.errors[field] = refusal_words(error.refusal).sentence
    return _council_page(entered, council), 422


@blueprint.get("/office/procedure")
@office_only()
def show_procedure() -> str:
    """Show the procedures councils work by, in plain words with their sources."""
    with reading() as session:
        found = reachable_councils(session, office_person().area)
    rules = [
        (
            procedure,
            procedure_sentences(procedure),
            [council.name for council in found if council.procedure == procedure.id],
        )
        for procedure in PROCEDURES.values()
    ]
    return render_office("areas/procedure.html", "procedure", rules=rules)


def _reached(area_id: str) -> AreaRow:
    """Return an area the person may work with; Refused NOT_FOUND or NOT_ALLOWED."""
    with reading() as session:
        area = councils.find_area(session, area_id)
        if area.id not in {known.id for known in reachable_areas(session, office_person().area)}:
            raise refused(RefusalCode.NOT_ALLOWED)
    return area


def _read_facts(entered: Entered) -> councils.CouncilFacts:
    return councils.CouncilFacts(
        name=entered.text("name", councils.LONGEST_NAME),
        organisation=entered.text("organisation", 60),
        venue=entered.text("venue", 60, must=False),
        telephone=entered.text("telephone", 40, must=False),
        document_sign=entered.text("document_sign", 20, must=False),
        introduction=entered.text("introduction", 600, must=False),
    )


def _read_parties(entered: Entered) -> list[councils.PartyFacts]:
    """Read up to seven rows of name, sign, seats; a row without a name is left out."""
    parties = []
    for place in range(1, councils.MOST_PARTIES + 1):
        name = entered.text(f"party{place}", 20, must=False)
        mark = entered.text(f"mark{place}", 2, must=False)
        seats = entered.number(f"seats{place}", 1, councils.MOST_SEATS, must=bool(name))
        former = showable(str(entered.given.get(f"id{place}", "")))
        entered.values[f"id{place}"] = former
        if name and seats is not None:
            parties.append(councils.PartyFacts(name, mark or name[0], seats, former or None))
    if any(
        f"{kind}{place}" in entered.errors for kind in ("party", "mark", "seats") for place in range(1, 8)
    ):
        entered.errors["parties"] = "每一方要写名称和席位数；记号一个字"
    elif not parties:
        entered.errors["parties"] = "至少要有一方"
    elif len({party.name for party in parties}) < len(parties):
        entered.errors["parties"] = "两方的名称不能一样"
    return parties


def _council_page(entered: Entered, council: CouncilRow | None) -> str:
    values = dict(entered.values)
    with reading() as session:
        areas = reachable_areas(session, office_person().area)
        parties = councils.list_parties(session, council.id) if council is not None else ()
        people = councils.count_people(session, council.id) if council is not None else {}
    if "party1" not in values:
        for place, party in enumerate(parties, 1):
            values |= {
                f"party{place}": party.name,
                f"mark{place}": party.mark,
                f"seats{place}": str(party.seats),
                f"id{place}": party.id,
            }
    procedure = procedure_of(council.procedure) if council is not None else None
    return render_office(
        "areas/council.html",
        "areas",
        council=council,
        areas=areas,
        procedure=procedure,
        rule=procedure_sentences(procedure) if procedure is not None else (),
        people={party.id: people.get(party.id, 0) for party in parties},
        places=range(1, councils.MOST_PARTIES + 1),
        values=values,
        errors=entered.errors,
        done="done" in request.args,
    )


def _tree_page(entered: Entered) -> str:
    with reading() as session:
        areas = reachable_areas(session, office_person().area)
        found = reachable_councils(session, office_person().area)
    known = {area.id for area in areas}
    by_parent: dict[str | None, list[AreaRow]] = {}
    for area in areas:
        by_parent.setdefault(area.parent_id if area.parent_id in known else None, []).append(area)

    def grow(parent: str | None) -> Iterator[Branch]:
        for area in by_parent.get(parent, []):
            own = tuple(council for council in found if council.area_id == area.id)
            yield Branch(area, own, tuple(grow(area.id)))

    return render_office(
        "areas/tree.html",
        "areas",
        branches=tuple(grow(None)),
        areas=areas,
        has_council=bool(found),
        levels=councils.AREA_LEVELS,
        # The first area is a community nearly everywhere.
        values=entered.values if areas or entered.values else {"level": "community"},
        errors=entered.errors,
    )
