"""What the demo book does with the property its cases control."""

import datetime as dt
from dataclasses import replace
from typing import Any

from assets import services as assets
from assets.models import Control
from assets.taking import ControlData
from bureau.models import User
from cases.evidence import COURT_PAPER
from cases.models import Case
from wuhai_exec.demo import proofs
from wuhai_exec.demo.organisation import Staff


class Property:
    """Takes, renews and releases controls; rulings 之八 and above are the demo's own, so none is taken later."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff

    def take(self, case: Case, *, data: ControlData, at: dt.datetime, actor: User) -> None:
        """Control a thing of the first debtor."""
        debtor = case.parties.get(side="DEBTOR", position=1)
        ruled = replace(data, ruling=data.ruling or _ruled(case, "之八", at=at, actor=actor))
        assets.take_control(case, debtor=debtor, data=ruled, at=at, actor=actor)

    def release(self, case: Case, *, ground: str, at: dt.datetime) -> None:
        """Release everything the case still controls."""
        held = list(Control.objects.filter(case=case).active().select_related("case"))
        ruling = _ruled(case, "之九", at=at, actor=self._renewer(held[0])) if held else ""
        given: dict[str, Any] = {"ground": ground, "ruling": ruling, "released_on": at.date()}
        for control in held:
            assets.release_control(control, **given, at=at, actor=self._renewer(control))

    def renew(self, case: Case, *, last_on: dt.date, at: dt.datetime) -> None:
        """Renew what ends on a day."""
        for control in Control.objects.live().filter(case=case, to_on=last_on).select_related("case"):
            ruling = _ruled(case, "之八", at=at, actor=self._renewer(control))
            assets.renew_control(control, ruling=ruling, at=at, actor=self._renewer(control))

    def name_keeper(self, case: Case, *, at: dt.datetime, actor: User) -> None:
        """Leave what a case still controls to the affairs team."""
        if Control.objects.filter(case=case).active().exists():
            assets.name_keeper(case, keeper=self._staff["assistant"], at=at, actor=actor)

    def _renewer(self, control: Control) -> User:
        """Return who answers for it; a clerk who starts a case leaves it to an assistant of his team."""
        pk = control.case.owner_id if control.case.is_open else control.keeper_id
        person = self._staff.by_id(pk) if pk else self._staff["assistant"]
        return person if person.has_perm("assets.keep_control") else self._staff["assistant"]


def _ruled(case: Case, suffix: str, *, at: dt.datetime, actor: User) -> str:
    """Return the number of a ruling made outside the system, whose scan comes into the file where it is not yet."""
    number = f"{case.display_number}{suffix}"
    title = f"{number} 执行裁定书"
    if not case.materials.filter(title=title).exists():
        proofs.scan(case, title, kind=COURT_PAPER, at=at, actor=actor)
    return number
