"""The demo bureau's courts, windows, teams and staff; every person is invented."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from bureau.models import Court, Team, User, Window

# Printed beside every login; it opens nothing but invented data.
PASSWORD = "Wuhai-Demo-2021"  # noqa: S105

# Code, name, short name, level; windows W1–W4 are the courts', in this order.
COURTS = (
    ("内03", "乌海市中级人民法院", "乌海中院", Court.Level.INTERMEDIATE),
    ("内0302", "乌海市海勃湾区人民法院", "海勃湾法院", Court.Level.BASIC),
    ("内0303", "乌海市海南区人民法院", "海南法院", Court.Level.BASIC),
    ("内0304", "乌海市乌达区人民法院", "乌达法院", Court.Level.BASIC),
)
BUREAU_WINDOW = ("W5", "综合执行局立案窗口")
WINDOWS = ("W1", "W2", "W3", "W4", "W5")
TEAMS = {
    Team.Kind.COMMAND: ("执行指挥中心", "0473-2990101"),
    Team.Kind.AFFAIRS: ("事务团队", "0473-2990102"),
    Team.Kind.FAST: ("速执团队", "0473-2990103"),
    Team.Kind.ORDINARY: ("普执团队", "0473-2990104"),
    Team.Kind.DISPOSAL: ("财产处置团队", "0473-2990105"),
    Team.Kind.FIELD: ("现场查控团队", "0473-2990106"),
    Team.Kind.FINANCE: ("案款管理组", "0473-2990107"),
    Team.Kind.INSPECTION: ("审判管理与督察组", "0473-2990108"),
    Team.Kind.LEADERSHIP: ("院局领导", "0473-2990109"),
    Team.Kind.SYSTEM: ("信息技术组", "0473-2990110"),
}
# The courts that have an old book, by the code of their own staff's team.
COURT_TEAMS = {"COURT-0302": "内0302", "COURT-0303": "内0303", "COURT-0304": "内0304"}


@dataclass(frozen=True, slots=True)
class Post:
    """One member of staff as data; the first of a role has the role's code as login, the others a number behind it."""

    role: str
    name: str
    title: str
    team: str = ""
    window: str = ""
    court: str = ""


POSTS = (
    Post("PRESIDENT", "额尔敦", "院长", Team.Kind.LEADERSHIP, court="内03"),
    Post("VICE_PRESIDENT", "温致远", "主管执行副院长", Team.Kind.LEADERSHIP, court="内03"),
    Post("CHIEF", "陆秉正", "综合执行局局长", Team.Kind.LEADERSHIP, court="内03"),
    Post("DISPATCHER", "苏日娜", "指挥中心分案员", Team.Kind.COMMAND),
    Post("DISPATCHER", "裴知行", "指挥中心分案员", Team.Kind.COMMAND),
    Post("ASSISTANT", "甄若兰", "法官助理", Team.Kind.AFFAIRS),
    Post("RECORDS_CLERK", "乔书瑶", "书记员", Team.Kind.AFFAIRS),
    Post("RECORDS_CLERK", "巴特尔", "书记员", Team.Kind.AFFAIRS),
    Post("JUDGE", "程明哲", "员额法官", Team.Kind.FAST, court="内0302"),
    Post("JUDGE", "乌云其其格", "员额法官", Team.Kind.FAST, court="内0304"),
    Post("JUDGE", "薛怀瑾", "员额法官", Team.Kind.FAST, court="内0303"),
    Post("JUDGE", "邵景行", "员额法官", Team.Kind.ORDINARY, court="内03"),
    Post("JUDGE", "闻若愚", "员额法官", Team.Kind.ORDINARY, court="内0302"),
    Post("JUDGE", "那仁花", "员额法官", Team.Kind.ORDINARY, court="内0304"),
    Post("OFFICER", "戚向阳", "执行员", Team.Kind.FAST),
    Post("OFFICER", "阿古拉", "执行员", Team.Kind.FAST),
    Post("OFFICER", "柳长青", "执行员", Team.Kind.FAST),
    Post("OFFICER", "祁连山", "执行员", Team.Kind.ORDINARY),
    Post("OFFICER", "葛思远", "执行员", Team.Kind.ORDINARY),
    Post("BAILIFF", "铁木尔", "司法警察", Team.Kind.FIELD),
    Post("FINANCE", "岳清廉", "案款管理员", Team.Kind.FINANCE),
    Post("FINANCE", "查苏娜", "案款管理员", Team.Kind.FINANCE),
    Post("INSPECTOR", "严以律", "审判管理督察员", Team.Kind.INSPECTION),
    Post("INSPECTOR", "冷静宜", "审判管理督察员", Team.Kind.INSPECTION),
    Post("WINDOW_CLERK", "白若溪", "立案窗口人员", window="W2", court="内0302"),
    Post("WINDOW_CLERK", "安采薇", "立案窗口人员", window="W1", court="内03"),
    Post("WINDOW_CLERK", "莫日根", "立案窗口人员", window="W3", court="内0303"),
    Post("WINDOW_CLERK", "殷素问", "立案窗口人员", window="W4", court="内0304"),
    Post("WINDOW_CLERK", "娜布其", "立案窗口人员", window="W5"),
    Post("RECEPTIONIST", "慕容晴", "首问接待员", window="W2", court="内0302"),
    Post("SYSTEM_ADMIN", "简守成", "系统管理员", Team.Kind.SYSTEM),
    Post("SECURITY_ADMIN", "管思危", "安全管理员", Team.Kind.SYSTEM),
    Post("AUDIT_ADMIN", "明察之", "审计管理员", Team.Kind.SYSTEM),
    Post("OFFICER", "巴图", "执行员", Team.Kind.FIELD),
    Post("OFFICER", "路致远", "执行员", Team.Kind.FIELD),
    Post("OFFICER", "谷若虚", "执行员", Team.Kind.DISPOSAL),
    # The courts' own staff for their old books; each team is named by its court.
    Post("COURT_HEAD", "韩守正", "法院执行局长", "COURT-0302", court="内0302"),
    Post("COURT_PRESIDENT", "方伯谦", "法院主管副院长", "COURT-0302", court="内0302"),
    Post("OLD_BOOK_CLERK", "尹小满", "旧存管理员", "COURT-0302", court="内0302"),
    Post("JUDGE", "宋知远", "员额法官", "COURT-0302", court="内0302"),
    Post("OFFICER", "布和朝鲁", "执行员", "COURT-0302", court="内0302"),
    Post("RECORDS_CLERK", "沈若水", "书记员", "COURT-0302", court="内0302"),
    Post("COURT_HEAD", "贺秉公", "法院执行局长", "COURT-0303", court="内0303"),
    Post("COURT_PRESIDENT", "冯士衡", "法院主管副院长", "COURT-0303", court="内0303"),
    Post("OLD_BOOK_CLERK", "郝静姝", "旧存管理员", "COURT-0303", court="内0303"),
    Post("JUDGE", "鲁思齐", "员额法官", "COURT-0303", court="内0303"),
    Post("OFFICER", "任行健", "执行员", "COURT-0303", court="内0303"),
    Post("RECORDS_CLERK", "萨如拉", "书记员", "COURT-0303", court="内0303"),
    Post("COURT_HEAD", "巴音", "法院执行局长", "COURT-0304", court="内0304"),
    Post("COURT_PRESIDENT", "秦望舒", "法院主管副院长", "COURT-0304", court="内0304"),
    Post("OLD_BOOK_CLERK", "叶知秋", "旧存管理员", "COURT-0304", court="内0304"),
    Post("JUDGE", "孟克", "员额法官", "COURT-0304", court="内0304"),
    Post("OFFICER", "石敢当", "执行员", "COURT-0304", court="内0304"),
    Post("RECORDS_CLERK", "温如玉", "书记员", "COURT-0304", court="内0304"),
)


def logins() -> list[tuple[str, Post]]:
    """Return every login with its post, in the order of the table."""
    counts: dict[str, int] = {}
    made = []
    for post in POSTS:
        counts[post.role] = counts.get(post.role, 0) + 1
        number = counts[post.role]
        made.append((post.role.lower() + (str(number) if number > 1 else ""), post))
    return made


# One login per role, and the teams whose work the others only ask for: they answer what lies on their own desk.
OWN_TEAMS = (Team.Kind.FIELD, Team.Kind.DISPOSAL)
# For the start-up table: role code, title with the team, login.
LOGINS: tuple[tuple[str, str, str], ...] = tuple(
    (post.role, f"{post.title}（{TEAMS[Team.Kind(post.team)][0]}）" if post.team in OWN_TEAMS else post.title, login)
    for login, post in logins()
    if login == post.role.lower() or (post.role == "OFFICER" and post.team in OWN_TEAMS)
)


class Staff:
    """The seeded staff by login; one object per person, so that rights are read once."""

    def __init__(self, people: dict[str, User]) -> None:
        self._by_login = people
        self._by_id = {person.pk: person for person in people.values()}

    def __getitem__(self, login: str) -> User:
        return self._by_login[login]

    def by_id(self, pk: int | None) -> User:
        """Return the person with that key."""
        assert pk is not None
        return self._by_id[pk]

    def of_window(self, code: str) -> User:
        """Return the clerk of a window."""
        return next(
            self._by_login[login] for login, post in logins() if post.role == "WINDOW_CLERK" and post.window == code
        )

    def of_role(self, role: str) -> list[User]:
        """Return everyone of a role, in the order of the table."""
        return [self._by_login[login] for login, post in logins() if post.role == role]

    def officers(self, team_id: int | None) -> list[User]:
        """Return the officers of a team, in the order of the table."""
        return [person for person in self.of_role("OFFICER") if person.team_id == team_id]


@transaction.atomic
def seed() -> Staff:
    """Create courts, windows, teams and staff where they are missing, and return the staff."""
    courts = {}
    for number, (code, name, short_name, level) in enumerate(COURTS):
        court, _made = Court.objects.get_or_create(
            code=code, defaults={"name": name, "short_name": short_name, "level": level}
        )
        courts[code] = court
        Window.objects.get_or_create(
            code=WINDOWS[number],
            defaults={"name": f"{short_name}立案窗口", "court": court},
        )
    Window.objects.get_or_create(code=BUREAU_WINDOW[0], defaults={"name": BUREAU_WINDOW[1]})
    for kind, (name, phone) in TEAMS.items():
        Team.objects.get_or_create(code=kind.value, defaults={"kind": kind, "name": name, "phone": phone})
    for number, (code, court_code) in enumerate(COURT_TEAMS.items(), start=1):
        court = courts[court_code]
        told = {"kind": Team.Kind.COURT, "name": f"{court.short_name}执行局", "phone": f"0473-29902{number:02d}"}
        Team.objects.get_or_create(code=code, defaults={**told, "court": court})
    return Staff(_people(courts))


def _people(courts: dict[str, Court]) -> dict[str, User]:
    windows = {window.code: window for window in Window.objects.all()}
    teams = {team.code: team for team in Team.objects.all()}
    groups = {group.name: group for group in Group.objects.all()}
    password = make_password(PASSWORD)  # slow by design: once for all of them
    people = {}
    for login, post in logins():
        person, made = User.objects.get_or_create(
            username=login,
            defaults={
                "name": post.name,
                "post": post.title,
                "password": password,
                "court": courts.get(post.court),
                "window": windows.get(post.window),
                "team": teams.get(post.team),
                "is_demo": True,
            },
        )
        if made:
            person.groups.add(groups[post.role])
        people[login] = person
    return people
