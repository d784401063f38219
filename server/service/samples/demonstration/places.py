"""The communities of the demonstration: real ways of deliberating, taken as facts from published reports.

Figures and names of places are the reports'; persons, telephones and what is said in meetings are invented.
"""

from dataclasses import dataclass

from server.domain.procedure.presets import PartyPreset

_INVENTED = "演示说明：做法和数字来自公开报道；人名、电话和会上说的话都是虚构的。"


@dataclass(frozen=True, slots=True)
class Place:
    """A council with its area: ``areas`` is the line from the top of the tree, each ``(level, name)``."""

    areas: tuple[tuple[str, str], ...]
    name: str
    organisation: str
    venue: str
    telephone: str
    document_sign: str
    introduction: str
    parties: tuple[PartyPreset, ...]


ESTATE = Place(
    areas=(
        ("district", "岳塘区"),
        ("subdistrict", "书院路街道"),
        ("community", "芙蓉社区"),
        ("estate", "金穗小区"),
    ),
    name="金穗小区五方议事会",
    organisation="芙蓉社区居民委员会",
    venue="小区议事长廊",
    telephone="0731-5555 0100",
    document_sign="金穗议",
    introduction=(
        "小区管理单位、物业、社区、邻长、业主五方代表，每月在议事长廊坐到一起，"
        "商量小区里的事：新增的健身设施放在哪里、楼道灯谁来换、下水道怎么疏通。\n"
        "书院路街道按“街道—社区—片—组—邻—联户群众”一级一级联系居民，选出片长51名、组长217名、邻长1112名，"
        "每名邻长联系5至15户。邻长微信群、民情收集箱、居民建议记录本收到的意见，每月汇总，能办的当场办，"
        "办不了的反馈、跟踪。\n" + _INVENTED
    ),
    parties=(
        PartyPreset("小区管理单位", "管", 3),
        PartyPreset("物业", "物", 4),
        PartyPreset("社区", "社", 4),
        PartyPreset("邻长", "邻", 6),
        PartyPreset("业主", "业", 8),
    ),
)

OTHERS = (
    Place(
        areas=(("district", "西塞山区"), ("community", "陈家湾社区")),
        name="陈家湾社区“左邻右里”协商议事中心",
        organisation="陈家湾社区居民委员会",
        venue="“左邻右里”协商议事中心",
        telephone="",
        document_sign="",
        introduction=(
            "陈家湾社区依山而建，有43个老旧小区。湾组有一段998米的泥巴路，下雨天雨水带着渣土冲下来，出行困难；"
            "网格员带着党员、群众代表挨家挨户征求意见，又向市、区两级包保单位求助，路修好了。\n"
            "社区由此在2018年初成立“左邻右里”协商议事中心，由7类邻里自治队伍参加。据报道，"
            "中心已开议事会270余次，参与的居民超过400人次，解决大小民生事800余项。\n" + _INVENTED
        ),
        parties=(
            PartyPreset("社区", "社", 3),
            PartyPreset("楼栋长", "楼", 5),
            PartyPreset("网格员", "网", 3),
            PartyPreset("下沉党员", "党", 3),
            PartyPreset("居民代表", "居", 7),
        ),
    ),
    Place(
        areas=(("district", "天心区"), ("subdistrict", "金盆岭街道"), ("community", "赤岭路社区")),
        name="赤岭路社区“赤岭红心·有事好商量”",
        organisation="赤岭路社区居民委员会",
        venue="民情议事厅",
        telephone="",
        document_sign="",
        introduction=(
            "赤岭路社区有6个居民小区，开放式小区、物业小区、保障性住房都有。社区按小区的不同情况办了"
            "“赤岭红心·有事好商量”“栋长联席会”“民情议事厅”等议事平台，由社区党委、小区党支部牵头，"
            "引导居民商定小区公约，解决停车、垃圾分类、邻里矛盾。\n"
            "社区、社工、社会组织、志愿者、慈善资源“五社联动”。2022年初成立湖南省首家社区公益发展基金；"
            "据报道，已募集资金和物资51万余元，帮扶困难群众2500余人次。\n" + _INVENTED
        ),
        parties=(
            PartyPreset("社区", "社", 3),
            PartyPreset("小区党支部", "党", 3),
            PartyPreset("社工", "工", 2),
            PartyPreset("志愿者", "志", 3),
            PartyPreset("居民代表", "居", 6),
        ),
    ),
    Place(
        areas=(
            ("district", "天心区"),
            ("subdistrict", "金盆岭街道"),
            ("community", "狮子山社区"),
            ("estate", "华宫大厦小区"),
        ),
        name="华宫大厦小区三长议事会",
        organisation="狮子山社区居民委员会",
        venue="小区空坪",
        telephone="",
        document_sign="",
        introduction=(
            "华宫大厦是老旧小区，违章建筑多、矛盾纠纷多、危房危坡多，曾被居民叫作“三多”小区。"
            "金盆岭街道从培育小区长、楼栋长、单元长入手，由居民推选或者自荐，街道社工站做三个月的“1+1”培训，"
            "困难有人管、意见有人听。\n"
            "据报道，全街道已培育小区长36名、楼栋长233名、单元长160名。\n" + _INVENTED
        ),
        parties=(
            PartyPreset("小区长", "长", 1),
            PartyPreset("楼栋长", "楼", 4),
            PartyPreset("单元长", "单", 6),
            PartyPreset("社区", "社", 2),
            PartyPreset("居民", "居", 6),
        ),
    ),
    Place(
        areas=(("district", "清城区"), ("subdistrict", "凤城街道"), ("community", "翠湖社区")),
        name="翠湖社区“逢四说事”议事会",
        organisation="翠湖社区居民委员会",
        venue="雅悦花园党群活动中心",
        telephone="",
        document_sign="",
        introduction=(
            "翠湖社区2015年4月成立，有7个花园住宅小区、235栋老旧单体楼，常住人口约13700人。"
            "社区推选楼栋长43名，开展楼栋治理120余次，解决问题30余个，服务群众260余人次。\n"
            "2020年以来，社区靠党群议事、“逢四说事”和“智囊团”收集民情、听取意见，"
            "完成14个点位的民生改造，共商拆除了7处私搭乱建。\n" + _INVENTED
        ),
        parties=(
            PartyPreset("社区", "社", 3),
            PartyPreset("物业", "物", 3),
            PartyPreset("社工", "工", 2),
            PartyPreset("业主代表", "业", 5),
            PartyPreset("楼栋长", "楼", 5),
        ),
    ),
)

# Party, name, post, how the person came to the seat. Posts are what the public sees; volunteers' names never are.
PEOPLE = (
    ("小区管理单位", "丁立中", "项目办主任", "ex_officio"),
    ("小区管理单位", "冯晓岚", "综合办干事", "ex_officio"),
    ("小区管理单位", "陈启明", "安全员", "ex_officio"),
    ("物业", "王小川", "工程部经理", "ex_officio"),
    ("物业", "钱志强", "客服部主管", "ex_officio"),
    ("物业", "褚建军", "维修班班长", "ex_officio"),
    ("物业", "卫东升", "秩序部主管", "ex_officio"),
    ("社区", "田文", "社区副主任", "ex_officio"),
    ("社区", "沈玉兰", "民政专干", "ex_officio"),
    ("社区", "韩青", "网格员", "ex_officio"),
    ("社区", "朱海燕", "物业环境专干", "ex_officio"),
    ("邻长", "何方正", "3栋邻长", "self"),
    ("邻长", "吴桂英", "1栋邻长", "recommended"),
    ("邻长", "吕秀云", "2栋邻长", "recommended"),
    ("邻长", "施长根", "4栋邻长", "self"),
    ("邻长", "张爱莲", "5栋邻长", "recommended"),
    ("邻长", "孔庆祥", "7栋邻长", "recommended"),
    ("业主", "于立平", "1栋业主", "elected"),
    ("业主", "金淑贞", "3栋业主", "elected"),
    ("业主", "曹月华", "3栋业主", "elected"),
    ("业主", "严志刚", "2栋业主", "elected"),
    ("业主", "华建新", "4栋业主", "elected"),
    ("业主", "魏小梅", "5栋业主", "elected"),
    ("业主", "陶立新", "6栋业主", "elected"),
    ("业主", "姜文斌", "7栋业主", "elected"),
)
CHAIR, SECRETARY, ORGANISER = "林平", "周文", "沈玉兰"
