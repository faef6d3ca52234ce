"""What money out of a case may be for: whom it may go to, by which account of the house, and up to which sum; data."""

from dataclasses import dataclass

from accounts.models import Account, PayeeAccount, Payout, Transfer

CLAIM, COURT, FEE = Payout.Purpose.CLAIM, Payout.Purpose.COURT, Payout.Purpose.FEE
COST, REFUND = Payout.Purpose.COST, Payout.Purpose.REFUND
MOVE, ABSENT, RELEASE = Payout.Purpose.MOVE, Payout.Purpose.ABSENT, Payout.Purpose.RELEASE
# What settles the applicant's claim: paid to him or to who takes his place, or deposited for him (民法典 571).
SETTLES = (CLAIM, ABSENT)


@dataclass(frozen=True, slots=True)
class Way:
    """How one purpose is paid; `through` holds the money until the bank answers, `posts` is what the ledger says."""

    purpose: Payout.Purpose
    posts: Transfer.Purpose
    payees: tuple[PayeeAccount.Kind, ...] = ()
    through: Account.Kind | None = Account.Kind.IN_TRANSIT
    limit: str = ""  # owed: not more than the applicant has to get; surplus: only what is beyond it
    basis: str = ""


_KIND, _POSTS = PayeeAccount.Kind, Transfer.Purpose
WAYS: dict[str, Way] = {
    way.purpose: way
    for way in (
        Way(
            CLAIM,
            _POSTS.PAYOUT,
            (_KIND.APPLICANT, _KIND.SUCCESSOR, _KIND.AGENT, _KIND.LISTED),
            limit="owed",
            basis="法发〔2017〕6号第10条",
        ),
        Way(COURT, _POSTS.PAYOUT, (_KIND.COURT,), basis="协助通知或分配方案"),
        Way(FEE, _POSTS.FEE, (_KIND.TREASURY,), Account.Kind.FEES_DUE, basis="国务院令第481号第52条"),
        Way(COST, _POSTS.COST, (_KIND.COST,), Account.Kind.COSTS, basis="执行工作规定第34条"),
        Way(
            REFUND,
            _POSTS.REFUND,
            (_KIND.DEBTOR,),
            Account.Kind.REFUNDS,
            limit="surplus",
            basis="执行工作规定第34条",
        ),
        Way(MOVE, _POSTS.MOVE, through=None, basis="协助通知或分配方案"),
        Way(ABSENT, _POSTS.ABSENT, through=None, limit="owed", basis="民法典第570条、第571条"),
        Way(RELEASE, _POSTS.RELEASE, (_KIND.APPLICANT, _KIND.SUCCESSOR, _KIND.AGENT), basis="民法典第574条"),
    )
}
PURPOSE_OF_PAYEE: dict[str, Payout.Purpose] = {
    kind: way.purpose for way in reversed(WAYS.values()) for kind in way.payees
}
