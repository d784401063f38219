"""Two months of 金穗小区: topics, answers, a meeting, tasks, written day by day through the product's own services."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import select

from server.domain.actor import Actor, Role
from server.domain.topic.life_cycle import DeclineReason
from server.service.clock import instant_of, local_date
from server.service.matters import progress, topics
from server.service.meetings import plans
from server.service.room.keeper import RoomKeeper
from server.service.samples.demonstration import sitting
from server.service.samples.demonstration.places import CHAIR, ESTATE, SECRETARY
from server.store.tables.tasks import TaskRow
from server.store.writer import Unit

OFFICE = Actor("account:demonstration", frozenset({Role.ORGANISER}))
HELD_DAYS_AGO = 26
# Days from the past meeting to the due dates: done, under way, due in two days, one day overdue.
DUES = (10, HELD_DAYS_AGO + 12, HELD_DAYS_AGO + 2, HELD_DAYS_AGO - 1)


@dataclass(slots=True)
class Diary:
    """One transaction's pen: writes for a council, at hours of days before ``now``."""

    unit: Unit
    rooms: RoomKeeper
    council: str
    now: int
    topics: dict[str, str] = field(default_factory=dict)

    def at(self, days_ago: int, hour: int = 9, minute: int = 30) -> int:
        """Return the instant of an hour of a past day, never after now."""
        day = local_date(self.now) - timedelta(days=days_ago)
        return min(instant_of(datetime.combine(day, time(hour, minute))), self.now)

    def day(self, days_ahead: int) -> str:
        """Return a local date counted from today."""
        return (local_date(self.now) + timedelta(days=days_ahead)).isoformat()

    def raise_topic(self, name: str, days_ago: int, title: str, body: str, place: str, channel: str) -> None:
        """Let a resident raise a topic."""
        raised = topics.raise_topic(
            self.unit,
            self.at(days_ago, 10),
            council_id=self.council,
            title=title,
            body=body,
            channel=channel,
            place=place,
            proposer="居民",
            telephone="0731-5555 0199",
            by="resident" if channel == "online" else OFFICE.key,
        )
        self.topics[name] = raised.topic_id

    def accept(self, name: str, days_ago: int, sentence: str) -> None:
        """Let the office take a topic on."""
        topics.accept(self.unit, self.at(days_ago, 16), self.topics[name], OFFICE, sentence)

    def task(self, opening: str) -> str:
        """Return the number of the task whose words begin so."""
        chosen = select(TaskRow.number).where(
            TaskRow.council_id == self.council, TaskRow.text.startswith(opening)
        )
        return self.unit.session.scalars(chosen).one()

    def report(self, opening: str, days_ago: int, text: str, cost: int | None = None) -> None:
        """Enter progress of a task."""
        at = self.at(days_ago, 17)
        progress.add_progress(self.unit, at, self.task(opening), OFFICE, text=text, cost=cost)

    def finish(self, opening: str, days_ago: int, text: str) -> None:
        """Enter the end of a task."""
        progress.mark_done(self.unit, self.at(days_ago, 17), self.task(opening), OFFICE, text=text)


def write_first_month(diary: Diary) -> None:
    """Topics of the time before the past meeting, two of them for it."""
    diary.raise_topic(
        "equipment", 62, "新增健身器材放在哪里",
        "区里拨的健身器材快到了，放哪里能不能先听听大家的意见？老人想近一点，也怕吵到一楼。", "3栋与4栋之间", "online",
    )  # fmt: skip
    diary.accept("equipment", 59, "属于小区协商的事，受理，列入下次五方议事会。")
    diary.raise_topic(
        "lamps", 55, "2、5、7栋楼道灯坏了11盏",
        "邻长巡楼发现2、5、7栋共有11盏楼道灯不亮，老人晚上下楼要打手电。", "2、5、7栋楼道", "patrol",
    )  # fmt: skip
    diary.accept("lamps", 54, "受理。由谁换、钱从哪里出，请五方一起商量。")
    diary.raise_topic(
        "box", 50, "民情收集箱挂得太高", "民情收集箱在门卫室后面，挂得高，老人够不着，想移到1栋门厅。", "门卫室", "box",
    )  # fmt: skip
    topics.refer(
        diary.unit, diary.at(49, 16), diary.topics["box"], OFFICE,
        text="民情收集箱移到1栋门厅，降到1米2高", accountable="社区", post="物业环境专干",
        due=diary.day(-35), sentence="不用上会，社区直接办，两周内移好。",
    )  # fmt: skip
    diary.finish("民情收集箱", 37, "已移到1栋门厅左侧，高1米2，老人站着就能投。")
    diary.raise_topic(
        "parking", 45, "停车位重新划线", "地面车位线磨没了，晚上乱停，救护车进不来。", "4栋前坪", "visit",
    )  # fmt: skip
    diary.accept("parking", 42, "受理，放进议题库。等消防通道核定后上会。")
    diary.raise_topic(
        "dispute", 40, "楼上楼下漏水赔多少钱", "楼上装修漏水到我家，赔多少谈不拢，请议事会定个数。", "5栋", "telephone",
    )  # fmt: skip
    topics.decline(
        diary.unit, diary.at(38, 16), diary.topics["dispute"], OFFICE, DeclineReason.PRIVATE,
        "两家之间的赔偿由双方商量，议事会不能代替。社区调解室可以帮您约双方来谈，请带上照片。",
    )  # fmt: skip


def hold_past_meeting(diary: Diary) -> None:
    """Plan, announce and hold the meeting, sign and publish its minutes."""
    began = diary.at(HELD_DAYS_AGO, 19, 0)
    meeting = _plan(diary, 34, began, "请3栋住户派一人列席第一项。", (
        plans.NewItem("新增健身器材放在哪里", 40, diary.topics["equipment"]),
        plans.NewItem("楼道灯更换与日常维护", 20, diary.topics["lamps"]),
    ))  # fmt: skip
    closed = sitting.hold(diary.unit, diary.rooms, meeting, began, DUES)
    sitting.keep_minutes(diary.unit, diary.rooms, meeting, closed, diary.at(HELD_DAYS_AGO - 1, 9, 30))


def write_second_month(diary: Diary) -> None:
    """What was done since, and what residents raised."""
    diary.report("核定健身器材点位", 21, "和3栋住户一起量过，点位离3栋北窗12.4米。")
    diary.finish("核定健身器材点位", 18, "已放线，3栋住户代表到场看过，点位图贴在1栋门厅。")
    diary.raise_topic(
        "shed", 24, "单车棚锈蚀，想拆了重建", "棚顶锈穿，下雨漏水，大风天摇晃，怕砸到人。", "6栋北侧单车棚", "box",
    )  # fmt: skip
    diary.accept("shed", 22, "受理。先做安全检测，重建方案上会商量。")
    diary.raise_topic(
        "sewer", 20, "6栋二单元下水道返水", "一楼厨房地漏返水三天了，气味很大。去年疏通过一次，想知道怎么根治。",
        "6栋二单元", "telephone",
    )  # fmt: skip
    diary.accept("sewer", 19, "受理。返水当天已请物业先疏通，怎么根治上会商量。")
    diary.raise_topic(
        "pavilion", 15, "议事长廊旁的凉亭晚上开放到几点", "有人想多坐一会，有人嫌吵，想定个时间。", "凉亭", "wechat",
    )  # fmt: skip
    diary.accept("pavilion", 13, "受理，列入下次五方议事会。")
    diary.raise_topic(
        "lockers", 12, "快递柜挡住消防通道", "快递柜往外摆了半米，消防车过不去。", "2栋东侧", "patrol",
    )  # fmt: skip
    topics.refer(
        diary.unit, diary.at(12, 16), diary.topics["lockers"], OFFICE,
        text="快递柜移出消防通道，重新固定", accountable="物业", post="秩序部",
        due=diary.day(6), sentence="消防通道的事不等上会，请物业直接办。",
    )  # fmt: skip
    diary.report("采购、安装健身器材", 9, "器材已订货，减振垫12块到货验收。", 1_280_000)
    diary.report("更换2、5、7栋", 6, "已换7盏；余下4盏灯座不配套，等配件。", 56_000)
    diary.report("与3栋住户约定", 5, "公约初稿已送3栋12户征求意见，收回9份。")
    diary.report("快递柜", 4, "已和快递公司约好移柜时间，地面固定点已打好。")
    diary.report("采购、安装健身器材", 3, "基础浇筑完，养护七天后安装。")
    diary.raise_topic(
        "dancing", 6, "晚上广场舞音量", "九点半以后还在放，家里有上学的孩子，想定个音量和时间。", "1栋前坪", "box",
    )  # fmt: skip
    diary.raise_topic(
        "canopy", 1, "东门想装遮雨棚", "下雨天等车没地方躲，东门能不能装个遮雨棚？", "东门", "online",
    )  # fmt: skip


def call_next_meeting(diary: Diary) -> str:
    """Plan and announce the next meeting, so that it only has to be opened, and return its id."""
    today = local_date(diary.now)
    starts_at = instant_of(datetime.combine(today, time(19, 30)))
    if starts_at <= diary.now:
        starts_at = instant_of(datetime.combine(today + timedelta(days=1), time(19, 30)))
    return _plan(diary, 8, starts_at, "请6栋二单元住户派一人列席第三项。", (
        plans.NewItem("上次议定事项办理情况", 10),
        plans.NewItem("单车棚拆除重建怎么办", 25, diary.topics["shed"]),
        plans.NewItem("6栋下水道返水怎么根治", 25, diary.topics["sewer"]),
        plans.NewItem("凉亭晚上开放到几点", 15, diary.topics["pavilion"]),
    ))  # fmt: skip


def _plan(diary: Diary, days_ago: int, starts_at: int, invited: str, items: tuple[plans.NewItem, ...]) -> str:
    """Plan a meeting and issue its notice three days later."""
    facts = plans.PlanFacts("五方代表议事会", ESTATE.venue, starts_at, CHAIR, SECRETARY, invited)
    meeting = plans.plan_meeting(diary.unit, diary.at(days_ago, 11), diary.council, facts, items)
    plans.issue_notice(diary.unit, diary.rooms, diary.at(days_ago - 3, 15), meeting, OFFICE)
    return meeting


CHAPTERS: tuple[Callable[[Diary], object], ...] = (write_first_month, hold_past_meeting, write_second_month)
