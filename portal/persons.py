"""Who may answer the identity question of a case (domain handbook §13.2); runs in the staff system's worker."""

from collections.abc import Iterable, Iterator

from cases.models import Agent, Case, Party
from portal import keys
from portal.models import Person


def persons_of(cases: Iterable[Case]) -> list[Person]:
    """Return the applicants and their agents of these cases, each with the keyed hash of the answer.

    The answer is the end of the identity number, of the phone where there is none, of an agent's licence. Cases come
    with `parties` and `agents` loaded.
    """
    return [person for case in cases for person in _of_case(case)]


def _of_case(case: Case) -> Iterator[Person]:
    digest = keys.number_digest(case.display_number)
    applicants = [row for row in case.parties.all() if row.side == Party.Side.APPLICANT and row.is_current]
    for party in sorted(applicants, key=lambda row: row.position):
        if last4 := party.id_last4 or party.phone_last4:
            answer = keys.answer_hmac(digest, last4)
            yield Person(case_id=case.pk, who=party_key(party.pk), answer_hmac=answer)
    ids = {party.pk for party in applicants}
    for agent in _agents(case):
        if agent.party_id in ids and agent.licence_last4:
            answer = keys.answer_hmac(digest, agent.licence_last4)
            days = {"from_on": agent.from_on, "until_on": agent.until_on}
            yield Person(case_id=case.pk, who=agent_key(agent.pk), answer_hmac=answer, **days)


def _agents(case: Case) -> list[Agent]:
    return sorted((row for row in case.agents.all() if row.revoked_at is None), key=lambda row: row.pk)


def party_key(pk: int) -> str:
    """Return how a party is named to the public process."""
    return f"party:{pk}"


def agent_key(pk: int) -> str:
    """Return how an agent is named to the public process."""
    return f"agent:{pk}"


def party_of(who: str, case: Case) -> tuple[Party | None, Agent | None]:
    """Return the party who says something, and the agent who says it for him; nobody for a stranger to the case."""
    kind, _colon, key = who.partition(":")
    if not key.isdecimal():
        return None, None
    if kind == "agent":
        agent = case.agents.filter(pk=key, revoked_at__isnull=True).select_related("party").first()
        return (agent.party, agent) if agent else (None, None)
    party = case.parties.filter(pk=key, side=Party.Side.APPLICANT, left_on__isnull=True).first()
    return (party, None) if kind == "party" else (None, None)
