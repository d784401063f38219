"""The papers of one meeting at 金穗小区, with rare characters in names; all people are invented."""

import json
from pathlib import Path

from server.documents.markdown import to_html
from server.documents.papers import (
    Attendee,
    BallotLine,
    Card,
    CardsPaper,
    MinutesPaper,
    NoticeItem,
    NoticePaper,
    OptionCount,
    PartyCount,
    PartyPresence,
    ResolutionLine,
    ResultLine,
    SignatureLine,
    SignInLine,
    SignInPaper,
    TaskLine,
)
from server.documents.strokes import parse_strokes

RARE = "㛃𬭚䶮"
ORGANISATION = "芙蓉社区居委会"
COUNCIL = "金穗小区五方议事会"
BODY = (Path(__file__).parent / "minutes.md").read_text("utf-8")

PARTIES = {
    "小区管理单位": ("丁立中", "冯晓岚", "陈启明"),
    "物业公司": ("王小川", "钱志强", "褚建军", "卫东升"),
    "社区居委会": ("田文", "沈玉㛃", "韩青"),
    "邻长": ("何方正", "吴桂英", "吕秀云", "施长根", "张爱莲", "孔庆䶮"),
    "业主": ("于立平", "金淑贞", "曹月华", "严志刚", "华建𬭚", "魏小梅", "陶立新"),
}
ENTITLED = {"小区管理单位": 3, "物业公司": 4, "社区居委会": 4, "邻长": 6, "业主": 8}
CHOSEN = {
    "小区管理单位": (3, 0, 0),
    "物业公司": (3, 0, 1),
    "社区居委会": (3, 0, 0),
    "邻长": (4, 2, 0),
    "业主": (4, 2, 1),
}
OPTIONS = ("赞成", "反对", "弃权")
MOTION = (
    "同意在3栋与4栋之间的空地放置新增健身器材6件，由物业公司安装养护，"
    "2026年4月30日前完成，每日22时后停止使用。"
)
VERDICT = (
    "应到25人，实到23人，符合规定人数；赞成17票、反对4票、弃权2票，赞成票超过实到人数的三分之二，表决通过。"
)


def drawn(turns: int = 3) -> str:
    """A finger's zigzag in the form the pad sends it."""
    return json.dumps(
        [[[400 + 300 * n + 40 * s, 1500 + 90 * (s * (n + 2) % 9)] for s in range(12)] for n in range(turns)]
    )


def named_poll() -> ResultLine:
    """The poll on the fitness equipment: 17 for, 4 against, 2 abstained."""
    ballots = [
        BallotLine(name, party, choice)
        for party, names in PARTIES.items()
        for name, choice in zip(
            names,
            [option for option, n in zip(OPTIONS, CHOSEN[party], strict=True) for _ in range(n)],
            strict=True,
        )
    ]
    return ResultLine(
        item="新增健身器材的放置位置",
        text=MOTION,
        nature="协商表决",
        secrecy="记名",
        outcome="passed",
        sentence=VERDICT,
        entitled=25,
        present=23,
        options=tuple(OptionCount(text, count) for text, count in zip(OPTIONS, (17, 4, 2), strict=True)),
        parties=tuple(
            PartyCount(party, ENTITLED[party], len(PARTIES[party]), CHOSEN[party]) for party in PARTIES
        ),
        ballots=tuple(ballots),
        resolution=ResolutionLine("金穗决〔2026〕3号", MOTION),
    )


def consent() -> ResultLine:
    """The lamps in the staircases, adopted without objection."""
    return ResultLine(
        item="楼道灯的更换与日常维护",
        text="由物业公司更换2、5、7栋楼道灯11盏，费用在日常维修费中列支，2026年3月27日前完成。",
        nature="协商表决",
        secrecy="无异议通过",
        outcome="passed",
        sentence="应到25人，实到23人，符合规定人数；经主持人询问，在场代表无人提出异议，通过。",
        entitled=25,
        present=23,
        resolution=ResolutionLine("金穗决〔2026〕4号", "由物业公司更换2、5、7栋楼道灯11盏。"),
    )


def signatures() -> tuple[SignatureLine, ...]:
    """One per party, chair and secretary: drawn, with reservation, refused and absent."""
    strokes = parse_strokes(drawn())
    return (
        SignatureLine("丁立中", "小区管理单位", "signed", "3月24日", strokes),
        SignatureLine("王小川", "物业公司", "signed", "3月24日", strokes),
        SignatureLine("沈玉㛃", "社区居委会", "signed", "3月26日", strokes, remark="补签"),
        SignatureLine("孔庆䶮", "邻长", "absent"),
        SignatureLine(
            "华建𬭚",
            "业主",
            "signed_with_reservation",
            "3月26日",
            strokes,
            "对22时后停用的执行仍有顾虑，请物业公司每月通报一次。",
        ),
        SignatureLine("于立平", "业主", "refused", "3月26日", None, "认为点位离3栋太近。"),
        SignatureLine("林平", "主持人", "signed", "3月24日", strokes),
        SignatureLine("周文", "记录人", "signed", "3月24日", strokes),
    )


def presence() -> tuple[PartyPresence, ...]:
    """Who came, with one excused and one absent."""
    return tuple(
        PartyPresence(
            party,
            tuple(Attendee(name, "经理" if name == "王小川" else None) for name in names),
            excused=(Attendee("朱海燕"),) if party == "社区居委会" else (),
            absent=(Attendee("姜文斌"),) if party == "业主" else (),
        )
        for party, names in PARTIES.items()
    )


def tasks() -> tuple[TaskLine, ...]:
    """What came out of the meeting."""
    return (
        TaskLine(
            "2026-07",
            "核定点位并现场放线，避开3栋北窗10米以上",
            "小区管理单位",
            "小区专干",
            "2026年3月31日",
            "金穗决〔2026〕3号",
        ),
        TaskLine(
            "2026-08",
            "采购、安装健身器材6件并加装减振垫",
            "物业公司",
            "物业经理",
            "2026年4月30日",
            "金穗决〔2026〕3号",
        ),
        TaskLine("2026-09", "与3栋住户约定使用时段并张贴公约", "邻长", "3栋邻长", "2026年4月10日"),
    )


def minutes_paper() -> MinutesPaper:
    """The archive edition of the minutes: four pages."""
    return MinutesPaper(
        organisation=ORGANISATION,
        council=COUNCIL,
        meeting="2026年第3次会议",
        title="关于新增健身器材选址等事项的\n会议纪要",
        held_at="2026年3月20日19时至20时35分",
        issued_on="2026年3月28日",
        place="小区议事长廊",
        chair="林平（小区党支部书记）",
        secretary="周文",
        body_html=to_html(BODY),
        text_sha256="9b416e07d2c5" * 5 + "71fa",
        root="q7Jm2kV9xT0aYb8Qw3Er5Tz1Ui4Op6As7Df8Gh9Jk0L",
        log_size=143,
        check_url="https://yishi.example.cn/v#m=3&n=143&r=q7Jm2kV9xT0aYb8Qw3Er5Tz1Ui4Op6As7Df8Gh9Jk0L",
        doc_number="金穗议〔2026〕3号",
        presence=presence(),
        observers=(Attendee("孙立诚", "居务监督委员会"), Attendee("唐蕾", "书院路街道")),
        results=(named_poll(), consent()),
        tasks=tasks(),
        signatures=signatures(),
        voided="3月22日第一次签字后正文有修改，3月22日至23日的4个签字因修改失效，上表为重新签字。",
    )


def notice_paper() -> NoticePaper:
    """The call for the next meeting."""
    return NoticePaper(
        organisation=ORGANISATION,
        council=COUNCIL,
        meeting="2026年第4次会议",
        title="单车棚怎么建\n下水道钱怎么出",
        held_at="4月17日 星期五 晚上7点",
        place="小区议事长廊，居民都可以来听",
        invited=(
            "五方议事代表25人，请带议事代表证",
            "列席：居务监督委员会、书院路街道",
            "6栋住户代表（第三项）",
        ),
        items=(
            NoticeItem("上次定的事办得怎么样", "通报", 10),
            NoticeItem("单车棚拆除重建方案", "意向征询", 30),
            NoticeItem("6栋下水道疏通费用分担", "意向征询", 30),
            NoticeItem("夏季凉亭开放时间", "只听意见"),
        ),
        raise_matters="不会扫码，告诉您的邻长，或写纸条投进1栋门厅的民情收集箱。",
        issued_on="2026年4月7日",
        url="https://yishi.example.cn/notices/4",
        telephone="社区电话 0731-5555 0100",
    )


def cards_paper(count: int = 11) -> CardsPaper:
    """Cards of the first representatives, parties in turn."""
    people = [(name, party) for party, names in PARTIES.items() for name in names]
    order = {party: number for number, party in enumerate(PARTIES, 1)}
    marks = dict(zip(PARTIES, "管物社邻业", strict=True))
    chosen = (people[::3] + people[1::3] + people[2::3])[:count]
    return CardsPaper(
        ORGANISATION,
        COUNCIL,
        tuple(
            Card(
                name,
                party,
                marks[party],
                order[party],
                seat,
                "2025年9月至2028年8月",
                f"http://192.168.1.20:8000/join#t=Zk3v9QpL2mN8xR4tY6uW1{seat:02d}",
            )
            for seat, (name, party) in enumerate(chosen, 1)
        ),
    )


def sign_in_paper() -> SignInPaper:
    """The sheet on the desk, long enough for a second page."""
    seats = tuple(SignInLine(name, party) for party, names in PARTIES.items() for name in names)
    return SignInPaper(ORGANISATION, COUNCIL, "2026年第3次会议", "2026年3月20日19时", "小区议事长廊", seats)
