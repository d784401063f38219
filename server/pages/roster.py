"""The roster (代表名册): who sits in which party, adding and pasting people, leaving, printed cards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.documents.glyphs import missing_characters
from server.documents.papers import Card, CardsPaper
from server.pages.attachments import send_pdf
from server.pages.context import reading, services
from server.pages.failures import refusal_words
from server.pages.forms import Entered, showable
from server.pages.guards import office_only, office_person, reach
from server.pages.noting import carry_out_noted
from server.pages.office_frame import render_office
from server.service.access.audit import Act
from server.service.access.devices import end_representative, signed_in_representatives
from server.service.community import councils, roster
from server.service.community.reach import reachable_councils
from server.service.community.roster_paste import LONGEST_PASTE, PastedLine, read_pasted
from server.service.ids import new_token
from server.service.refused import Refused
from server.service.spoken import spoken_date
from server.store.tables.areas import CouncilRow, PartyRow, RepresentativeRow

blueprint = Blueprint("roster", __name__)
# In place of a person: everybody who has no valid card, so that nobody's card becomes void.
MISSING = "missing"


@blueprint.get("/office/roster")
@office_only()
def list_rosters() -> str | AnyResponse:
    """Lead to the only council's roster, or show which councils there are."""
    with reading() as session:
        found = reachable_councils(session, office_person().area)
    if len(found) == 1:
        return redirect(f"/office/councils/{found[0].id}/roster", 303)
    return render_office("roster/councils.html", "roster", councils=found)


@blueprint.get("/office/councils/<council_id>/roster")
@office_only()
def show_roster(council_id: str) -> str:
    """Show the representatives by party with their seats and cards."""
    reach(council_id)
    return _roster_page(council_id, Entered({}))


@blueprint.post("/office/councils/<council_id>/roster")
@office_only()
def add_representative(council_id: str) -> str | AnyResponse | tuple[str, int]:
    """Give one person the next free seat."""
    reach(council_id)
    entered = Entered(request.form)
    with reading() as session:
        parties = {row.id: row for row in councils.list_parties(session, council_id)}
    party = entered.choice("party", list(parties))
    name = entered.text("name", roster.LONGEST_NAME)
    post = entered.text("post", roster.LONGEST_POST, must=False)
    telephone = entered.text("telephone", roster.LONGEST_TELEPHONE, must=False)
    appointment = entered.choice("appointment", list(services().words["appointments"]), must=False)
    missing = missing_characters(name + post)
    if missing and not entered.flag("anyway"):
        entered.errors["name"] = f"“{'、'.join(missing)}”印不出来；再按一次“登记”照样存"
        entered.values["anyway"] = "1"
    if entered.is_good:
        person = roster.NewRepresentative(party, name, post, telephone, appointment or "recommended")
        now = services().clock()
        try:
            carry_out_noted(
                lambda unit: roster.add_representative(unit, now, council_id, person),
                Act.REPRESENTATIVES_ADDED,
                lambda added: f"representative:{added}",
            )
            return redirect(f"/office/councils/{council_id}/roster", 303)
        except Refused as error:
            words = refusal_words(error.refusal)
            field = "party" if words.code == "PARTY_FULL" else "name"
            entered.errors[field] = f"{words.sentence}。{words.advice}"
    return _roster_page(council_id, entered), 422


@blueprint.get("/office/councils/<council_id>/roster/paste")
@office_only()
def paste_roster(council_id: str) -> str:
    """Show the field for a pasted spreadsheet."""
    reach(council_id)
    return _paste_page(council_id, "", ())


@blueprint.post("/office/councils/<council_id>/roster/paste")
@office_only()
def check_pasted(council_id: str) -> str | AnyResponse | tuple[str, int]:
    """Show each line as understood; save the good ones only when asked to, after the preview."""
    reach(council_id)
    text = request.form.get("table", "")
    entered = Entered({"table": text})
    if len(text) > LONGEST_PASTE:
        return _paste_page(council_id, showable(text[:LONGEST_PASTE]), (), "太长了，请分几次粘贴"), 422
    with reading() as session:
        parties = councils.list_parties(session, council_id)
        sitting = roster.list_representatives(session, council_id)
        counts = councils.count_people(session, council_id)
    lines = read_pasted(text, parties, counts, [(row.party_id, row.name) for row in sitting])
    people = [line.person for line in lines if line.person is not None]
    if not lines:
        return _paste_page(council_id, showable(text), (), "还没有粘贴内容"), 422
    if request.form.get("save") and people:
        now = services().clock()
        try:
            carry_out_noted(
                lambda unit: roster.add_representatives(unit, now, council_id, people),
                Act.REPRESENTATIVES_ADDED,
                f"council:{council_id}",
            )
            return redirect(f"/office/councils/{council_id}/roster?added={len(people)}", 303)
        except Refused as error:
            entered.errors["table"] = refusal_words(error.refusal).sentence
            return _paste_page(council_id, showable(text), lines, entered.errors["table"]), 422
    return _paste_page(council_id, showable(text), lines)


@blueprint.get("/office/representatives/<representative_id>/leave")
@office_only()
def ask_leave(representative_id: str) -> str:
    """Ask once more before somebody's seat is freed."""
    person = _person(representative_id)
    with reading() as session:
        council = councils.find_council(session, person.council_id)
    return render_office("roster/leave.html", "roster", leaver=person, council=council)


@blueprint.post("/office/representatives/<representative_id>/leave")
@office_only()
def leave(representative_id: str) -> AnyResponse:
    """离任: free the seat, revoke the card."""
    person, now = _person(representative_id), services().clock()
    carry_out_noted(
        lambda unit: roster.leave(unit, now, representative_id),
        Act.REPRESENTATIVE_LEFT,
        f"representative:{representative_id}",
    )
    return redirect(f"/office/councils/{person.council_id}/roster", 303)


@blueprint.post("/office/representatives/<representative_id>/revoke")
@office_only()
def revoke_card(representative_id: str) -> AnyResponse:
    """Revoke a lost card at once."""
    person, now = _person(representative_id), services().clock()
    carry_out_noted(
        lambda unit: roster.revoke_card(unit, now, representative_id),
        Act.CARD_REVOKED,
        f"representative:{representative_id}",
    )
    return redirect(f"/office/councils/{person.council_id}/roster", 303)


@blueprint.post("/office/representatives/<representative_id>/sessions/end")
@office_only()
def end_sessions(representative_id: str) -> AnyResponse:
    """Sign somebody out on the phone the card is used on; the card stays valid."""
    person, now = _person(representative_id), services().clock()
    carry_out_noted(
        lambda unit: end_representative(unit, now, representative_id),
        Act.SESSION_ENDED,
        f"representative:{representative_id}",
    )
    return redirect(f"/office/councils/{person.council_id}/roster", 303)


@blueprint.get("/office/councils/<council_id>/cards")
@office_only()
def ask_cards(council_id: str) -> str:
    """Say what printing does (old cards become void) before it is done.

    ``?only=`` chooses one person, or by ``missing`` those who have no card.
    """
    reach(council_id)
    now = services().clock()
    with reading() as session:
        council = councils.find_council(session, council_id)
        cards = roster.list_cards(session, council_id, now)
        people = _chosen(
            roster.list_representatives(session, council_id), request.args.get("only", ""), cards
        )
    return render_office(
        "roster/cards.html",
        "roster",
        council=council,
        people=people,
        standing=sum(person.id in cards for person in people),
        only=request.args.get("only", ""),
    )


@blueprint.post("/office/councils/<council_id>/cards")
@office_only()
def print_cards(council_id: str) -> Response:
    """Print new cards; they become valid, and the old ones void, only once the paper is made.

    The secrets are on this paper and nowhere else, so the answer is the paper itself.
    """
    reach(council_id)
    now = services().clock()
    with reading() as session:
        council = councils.find_council(session, council_id)
        parties = {row.id: row for row in councils.list_parties(session, council_id)}
        cards = roster.list_cards(session, council_id, now)
        people = _chosen(
            roster.list_representatives(session, council_id), request.form.get("only", ""), cards
        )
    tokens = {person.id: new_token() for person in people}
    pdf = services().documents.render(_cards_paper(council, parties, people, tokens, now)) if people else b""
    only = next(iter(tokens)) if len(tokens) == 1 else ""
    carry_out_noted(
        lambda unit: roster.replace_cards(unit, now, council_id, tokens),
        Act.CARDS_PRINTED,
        f"representative:{only}" if only else f"council:{council_id}",
    )
    return send_pdf(pdf, f"{council.name}-议事代表证.pdf")


def _cards_paper(
    council: CouncilRow,
    parties: dict[str, PartyRow],
    people: list[RepresentativeRow],
    tokens: dict[str, str],
    now: int,
) -> CardsPaper:
    term = f"至{spoken_date(now + roster.CARD_MS)}"
    address = services().public_url()
    return CardsPaper(
        organisation=council.organisation,
        council=council.name,
        cards=tuple(
            Card(
                name=person.name,
                party=parties[person.party_id].name,
                mark=parties[person.party_id].mark,
                order=parties[person.party_id].position,
                seat=person.seat or 0,
                term=term,
                ticket_url=f"{address}/join#t={tokens[person.id]}",
            )
            for person in people
        ),
    )


def _chosen(
    people: Sequence[RepresentativeRow], only: str, cards: Mapping[str, object]
) -> list[RepresentativeRow]:
    if only == MISSING:
        return [row for row in people if row.id not in cards]
    return [row for row in people if not only or row.id == only]


def _person(representative_id: str) -> RepresentativeRow:
    with reading() as session:
        person = roster.find_representative(session, representative_id)
    reach(person.council_id)
    return person


def _roster_page(council_id: str, entered: Entered) -> str:
    now = services().clock()
    with reading() as session:
        council = councils.find_council(session, council_id)
        parties = councils.list_parties(session, council_id)
        people = roster.list_representatives(session, council_id)
        cards = roster.list_cards(session, council_id, now)
        present = signed_in_representatives(session, council_id, now)
        others = reachable_councils(session, office_person().area)
    sitting = {party.id: [person for person in people if person.party_id == party.id] for party in parties}
    return render_office(
        "roster/roster.html",
        "roster",
        council=council,
        parties=parties,
        sitting=sitting,
        people=people,
        cards=cards,
        signed_in=present,
        others=others,
        added=request.args.get("added", ""),
        is_new="new" in request.args,
        values=entered.values,
        errors=entered.errors,
    )


def _paste_page(council_id: str, text: str, lines: tuple[PastedLine, ...], error: str = "") -> str:
    with reading() as session:
        council = councils.find_council(session, council_id)
        parties = councils.list_parties(session, council_id)
    return render_office(
        "roster/paste.html",
        "roster",
        council=council,
        parties=parties,
        lines=[_showable(line) for line in lines],
        good=sum(line.person is not None for line in lines),
        wrong=sum(line.person is None for line in lines),
        values={"table": text},
        errors={"table": error} if error else {},
    )


def _showable(line: PastedLine) -> PastedLine:
    return replace(
        line,
        name=showable(line.name),
        party=showable(line.party),
        post=showable(line.post),
        telephone=showable(line.telephone),
    )
