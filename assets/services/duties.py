"""Who answers for a control: the team and judge of the case, after closing its keeper, and who brought it back."""

from assets.models import Control
from bureau.models import User
from cases.models import Case, is_of_affairs, puts_away
from cases.models.leadership import leads


def may_keep(case: Case, user: User, *, keeper_id: int | None = None) -> bool:
    """Return whether the user records, renews and releases controls of the case.

    An open case: whoever is of the team that holds it, and its judge; before anybody has it, the affairs team. After
    closing also the named keeper, the affairs team, and team and judge of the 执恢 case that has brought it back.
    """
    if not user.has_perm("assets.keep_control"):
        return False
    if case.judge_id == user.pk or (case.team_id is not None and case.team_id == user.team_id):
        return True
    if case.is_open:
        return case.owner_id is None and is_of_affairs(user)
    if keeper_id == user.pk or puts_away(case, user):
        return True
    return any(
        revival.is_open and (revival.judge_id == user.pk or (revival.team_id and revival.team_id == user.team_id))
        for revival in case.revivals.all()
    )


def acts_for(control: Control, user: User) -> list[str]:
    """Return what the user may do with the control now; the rule for showing an act is the rule for doing it."""
    acts = []
    if control.state == Control.State.LAPSED and not control.explained_at:
        may_explain = user.has_perm("assets.explain_lapse") and leads(control.case, user, "CHIEF")
        acts += ["explain_lapse"] if may_explain else []
    if control.is_active and may_keep(control.case, user, keeper_id=control.keeper_id):
        is_renewable = control.state == Control.State.LIVE and control.to_on and not control.is_on_wrong_person
        acts += ["renew_control"] if is_renewable else []
        acts += ["activate_control"] if control.state == Control.State.QUEUED else []
        acts += ["confirm_control", "requeue_control"] if control.unconfirmed_since else []
        acts.append("release_control")
    return acts
