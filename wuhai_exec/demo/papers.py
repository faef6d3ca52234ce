"""The scans of the demo: a handful of tiny PDF and PNG pages that say they are samples; every case shares them."""

import struct
import zlib

from intake.services import MaterialData

WIDTH, HEIGHT = 248, 351  # A4 at 30 dots an inch


def pdf(line: str) -> bytes:
    """Return a one-page A4 PDF with one line of plain letters."""
    text = (
        f"BT /F1 18 Tf 72 760 Td ({line}) Tj 0 -30 Td /F1 12 Tf (Synthetic demo paper - no real person) Tj ET".encode()
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return bytes(out)


def png(*, gap: int) -> bytes:
    """Return a grey-on-white page of ruled lines, as a scan looks from afar."""
    blank = b"\xff" * WIDTH
    ruled = b"\xff" * 24 + b"\xb0" * (WIDTH - 48) + b"\xff" * 24
    rows = b"".join(b"\x00" + (ruled if 40 < row < HEIGHT - 40 and row % gap < 3 else blank) for row in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


CASE_PAPERS = (
    MaterialData("APPLICATION", "申请执行书", pdf("Application for enforcement")),
    MaterialData(
        "BASIS",
        "生效法律文书及生效证明",
        pdf("Enforceable document and proof of effect"),
    ),
    MaterialData("IDENTITY", "申请执行人身份证明", png(gap=14)),
    MaterialData("ADDRESS", "送达地址确认书", pdf("Confirmation of address for service")),
)
PAYEE_SCAN = png(gap=22)


def papers_of(applicants: int) -> list[MaterialData]:
    """Return what a window scans for one case: the four papers and each applicant's account confirmation."""
    confirmed = [
        MaterialData("PAYEE", "收款账户确认书", PAYEE_SCAN, applicant=position) for position in range(1, applicants + 1)
    ]
    return [*CASE_PAPERS, *confirmed]
