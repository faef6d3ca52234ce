"""Every upload is looked at for malware before it is kept; the scanner is an adapter named in the settings."""

from typing import Protocol

# The test string of EICAR, in two parts so that this file is none itself.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner(Protocol):
    """What the house asks a scanner."""

    def scan(self, content: bytes) -> str:
        """Return the name of what was found, empty for clean content; raises whatever it likes when it cannot say."""


class TestStringOnly:
    """Knows the test string alone: shows that the way is wired, and stands for a scanner where there is none yet."""

    def scan(self, content: bytes) -> str:
        """Return the name of the test file where its string stands anywhere."""
        return "EICAR-Test-File" if EICAR in content else ""
