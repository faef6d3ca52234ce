"""What the guides tell an applicant to bring is what the window asks for."""

from intake import leaflet
from portal import guides


def test_proof_of_effect_and_the_confirmed_address_are_named_wherever_papers_are():
    told = dict(guides.GUIDE_BY_SLUG["apply"].parts)["带什么"]
    places = (told, "、".join(leaflet.BRINGING["FILING"]), "、".join(guides.PAPER_BY_SLUG["application"].enclosed))
    for text in places:
        assert "生效证明" in text
        assert "送达地址确认书" in text


def test_the_confirmation_of_the_address_can_be_printed():
    paper = guides.PAPER_BY_SLUG["address"]
    assert paper.title == "送达地址确认书"
    assert any("电子送达" in line for line in paper.lines)
    assert any("书面告知" in room for room in paper.rooms)
