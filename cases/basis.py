"""What an enforceable document is called on paper, by its kind (domain handbook §3.2); paper speaks Chinese."""

from cases.models.codes import Basis

# The first title of a kind is the usual one; each kind has at least one.
TITLES: dict[str, tuple[str, ...]] = {
    Basis.JUDGMENT: ("民事判决书", "民事裁定书"),
    Basis.MEDIATION: ("民事调解书",),
    Basis.PAYMENT_ORDER: ("支付令",),
    Basis.CONFIRMATION: ("民事裁定书",),
    Basis.CRIMINAL_CIVIL: ("刑事附带民事判决书", "刑事附带民事裁定书", "刑事附带民事调解书"),
    Basis.CRIMINAL_PROPERTY: ("刑事判决书", "刑事裁定书"),
    Basis.ADMINISTRATIVE: ("行政判决书", "行政裁定书", "行政赔偿判决书", "行政赔偿调解书"),
    Basis.ADMINISTRATIVE_ACT: ("行政裁定书",),
    Basis.ARBITRATION: ("裁决书", "调解书"),
    Basis.LABOUR_ARBITRATION: ("仲裁裁决书", "仲裁调解书"),
    Basis.LAND_ARBITRATION: ("仲裁裁决书", "仲裁调解书"),
    Basis.NOTARY: ("公证债权文书及执行证书",),
    Basis.FOREIGN: ("民事裁定书",),
    Basis.OTHER: ("生效法律文书", "决定书"),
}
# How a case is printed that was filed before its document's title was asked for.
UNTITLED: dict[str, str] = {
    Basis.JUDGMENT: "民事判决（裁定）书",
    Basis.CRIMINAL_PROPERTY: "刑事裁判文书",
    Basis.ADMINISTRATIVE: "行政裁判文书",
    Basis.ARBITRATION: "仲裁裁决（调解）书",
    Basis.LABOUR_ARBITRATION: "劳动人事仲裁裁决（调解）书",
}
MARK = ":"


def printed(kind: str, title: str) -> str:
    """Return how a paper calls the document."""
    return title or UNTITLED.get(kind) or TITLES[kind][0]


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the documents by kind as one list to choose from: one choice says both kind and title."""
    labels = dict(Basis.choices)
    groups = []
    for kind, titles in TITLES.items():
        rows = [(chosen(kind, title), _told_apart(kind, title, str(labels[kind]))) for title in titles]
        groups.append((str(labels[kind]), rows))
    return groups


def _told_apart(kind: str, title: str, label: str) -> str:
    """Return the title, with its kind where several kinds have it: a closed list shows nothing of its group."""
    is_shared = any(title in titles for other, titles in TITLES.items() if other != kind)
    return f"{title}（{label}）" if is_shared else title


def chosen(kind: str, title: str) -> str:
    """Return the choice that stands for a document; the usual title of a kind is the kind itself."""
    return kind if title in ("", TITLES[kind][0]) else f"{kind}{MARK}{title}"


def parted(choice: str) -> tuple[str, str]:
    """Return kind and title of a choice."""
    kind, _mark, title = choice.partition(MARK)
    return kind, title or TITLES[kind][0]
