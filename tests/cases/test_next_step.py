"""Who does what next while a case is started, and when its packs come back."""

from django.urls import reverse

from bureau.models import Event, User
from cases import nextstep, services
from cases.models import Case
from tests import factories


def started(house) -> Case:
    case = factories.assign(house, factories.file_case(house).case)
    return services.start(case, at=factories.moment(2021, 9, 2), actor=house.assistant)


class TestStart:
    """A case that is being started, or whose packs came back three times, names its next step like any other."""

    def test_what_is_still_to_be_sent_comes_first_then_the_hand_over(self, house):
        case = started(house)
        step = nextstep.of_case(Case.objects.for_page().get(pk=case.pk))
        assert (step.act, step.who) == ("首次发起网络查控", case.owner.name)
        case.deadlines.running().filter(node__in=["NOTICE", "QUERY_LAUNCH", "ASK_CLUES"]).delete()
        step = nextstep.of_case(Case.objects.for_page().get(pk=case.pk))
        assert (step.act, step.who) == ("移交办理团队", case.owner.name)

    def test_a_pack_on_its_way_waits_for_its_receiver(self, house):
        case = started(house)
        handover = factories.hand_over(house, case)
        step = nextstep.of_case(Case.objects.for_page().get(pk=case.pk))
        assert (step.act, step.who, step.due_on) == ("答复移交", handover.to_team.name, handover.due_on)

    def test_after_three_send_backs_the_command_centre_is_named_and_has_the_button(self, house, login):
        case = started(house)
        for day in (3, 6, 7):
            at = factories.moment(2021, 9, day)
            given = {"defects": ["WRONG_AMOUNT"], "note": "", "at": at, "actor": house.officer}
            services.send_back(factories.hand_over(house, case, at=at), **given)
        step = nextstep.of_case(Case.objects.for_page().get(pk=case.pk))
        assert (step.act, step.who) == ("协调移交", "指挥中心分案员")
        page = login(house.dispatcher).get(case.get_absolute_url()).content.decode()
        assert f'href="{reverse("cases:coordinate", args=[case.pk])}"' in page
        page = login(case.owner).get(case.get_absolute_url()).content.decode()
        assert "由指挥中心分案员办理" in page
        # Nothing else running, the night finds it: a case that waits for the command centre is not silent.
        case.deadlines.running().exclude(node__in=["CLOSING_LIMIT", "TRIAGE"]).delete()
        late = factories.moment(2021, 10, 15)
        assert case in Case.objects.forgotten(today=late.date())
        services.find_forgotten(at=late, actor=User.objects.system())
        assert Event.objects.filter(chain=f"case:{case.pk}", verb="no_next_step").exists()
