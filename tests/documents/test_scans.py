"""Pages of scans as pictures: PDF, TIFF and photos, each page by its number, and nobody else's."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pypdf import PdfWriter

from bureau.errors import Refused
from documents import services
from documents.models import Material, Staged
from tests import factories
from tests.factories import moment

AT = moment(2021, 9, 6)
BROKEN = b"%PDF-1.4\nnothing\n%%EOF\n"


def pdf(pages=3):
    out, writer = io.BytesIO(), PdfWriter()
    for number in range(pages):
        writer.add_blank_page(width=595 if number else 842, height=842 if number else 595)
    writer.write(out)
    return out.getvalue()


def tiff(pages=2):
    out = io.BytesIO()
    sheets = [Image.new("1", (2480, 3508), number % 2) for number in range(pages)]
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:], compression="group4")
    return out.getvalue()


def png(size=(40, 60), colour=(0, 0, 0, 0)):
    out = io.BytesIO()
    Image.new("RGBA", size, colour).save(out, "PNG")
    return out.getvalue()


def turned():
    """Return a photo that a phone took lying on its side."""
    out, photo = io.BytesIO(), Image.new("RGB", (300, 200), "white")
    exif = Image.Exif()
    exif[0x0112] = 6
    photo.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def case(house):
    return factories.file_case(house).case


@pytest.fixture
def kept(case, house):
    """Return a function that takes a scan into the file."""

    def take(content, kind="BASIS"):
        upload = SimpleUploadedFile("a", content)
        staged = services.stage_upload(upload, at=AT, actor=house.window_clerk)
        return services.receive(case, [services.Paper(kind, "判决书", staged)], at=AT, actor=house.window_clerk)[0]

    return take


def picture(row, number=1):
    return Image.open(io.BytesIO(services.page_picture(row.sha256, row.content_type, number)))


class TestPicture:
    def test_each_page_of_a_pdf_is_drawn_as_wide_as_a_screen(self, kept):
        row = kept(pdf())
        assert row.page_count == 3
        assert picture(row).size[0] == picture(row, 3).size[0] == 1240
        assert picture(row).size[1] < 1240 < picture(row, 3).size[1]

    def test_a_tiff_has_its_pages_and_each_is_another(self, kept):
        row = kept(tiff())
        assert row.page_count == 2
        first, second = picture(row), picture(row, 2)
        assert first.width == 1240
        assert first.getpixel((5, 5))[0] < 20 < 235 < second.getpixel((5, 5))[0]

    def test_a_photo_stands_upright_and_nothing_is_white(self, kept):
        assert picture(kept(turned())).size == (200, 300)
        assert picture(kept(png())).getpixel((1, 1))[0] > 240

    def test_there_is_no_page_before_the_first_or_after_the_last(self, kept):
        row = kept(pdf(1))
        for number in (0, 2, -1):
            with pytest.raises(Refused, match="没有这一页"):
                picture(row, number)

    def test_what_cannot_be_drawn_is_said(self, kept, monkeypatch):
        with pytest.raises(Refused, match="打开原件"):
            picture(kept(BROKEN))
        monkeypatch.setattr("documents.services.pictures.PIXELS_MAX", 100)
        with pytest.raises(Refused, match="过大"):
            picture(kept(png((41, 61))))


class TestPages:
    def test_the_pages_of_a_material_in_order_and_each_by_its_address(self, kept, house, login):
        row, client = kept(pdf(2)), login(house.window_clerk)
        text = client.get(reverse("documents:scan", args=[row.pk])).content.decode()
        address = reverse("documents:scan_page", args=[row.pk])
        assert text.index(f'src="{address}"') < text.index(f'src="{address}?n=2"')
        answer = client.get(f"{address}?n=2")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert "private" in answer["Cache-Control"]
        for asked in ("3", "0", "x", "-1", "²", "9" * 40):
            assert client.get(address, {"n": asked}).status_code == 422

    def test_a_restricted_scan_and_anothers_case_do_not_exist(self, kept, house, login):
        row = kept(pdf(1), Material.Kind.PAYEE)
        plain = kept(pdf(2))
        for name in ("scan", "scan_page"):
            assert login(house.window_clerk2).get(reverse(f"documents:{name}", args=[plain.pk])).status_code == 404
            assert login(house.assistant).get(reverse(f"documents:{name}", args=[row.pk])).status_code == 404

    def test_a_kept_file_is_its_uploaders_alone(self, house, login):
        upload = SimpleUploadedFile("判决书.pdf", pdf())
        answer = login(house.window_clerk).post(reverse("intake:keep_scan"), {"upload": upload})
        assert answer.status_code == 200
        assert "判决书.pdf" in answer.content.decode()
        staged = Staged.objects.get()
        assert staged.token in answer.content.decode()
        for name in ("kept", "kept_page"):
            address = reverse(f"documents:{name}", args=[staged.pk])
            assert login(house.window_clerk).get(address).status_code == 200
            assert login(house.window_clerk2).get(address).status_code == 404

    def test_what_is_no_scan_is_refused_in_words(self, house, login):
        client = login(house.window_clerk)
        answer = client.post(reverse("intake:keep_scan"), {"upload": SimpleUploadedFile("a.exe", b"MZ")})
        assert answer.status_code == 422
        assert "PDF" in answer.content.decode()
        assert client.post(reverse("intake:keep_scan")).status_code == 422
