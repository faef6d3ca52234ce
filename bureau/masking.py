"""What is left of a personal value for those who may not see the whole (domain handbook §13.3); pure, no ORM."""


def mask_name(name: str, kind: str) -> str:
    """Return an organisation's name whole; of a person 张* , 张*三 , or the first character and ** for a long name."""
    if kind == "ORGANISATION" or not name:
        return name
    if "·" in name or len(name) > 4:
        return f"{name[0]}**"
    if len(name) <= 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def mask_id(number: str) -> str:
    """Return region and last four of an 18-character number, or the last four of another."""
    if len(number) == 18:
        return f"{number[:6]}{'*' * 8}{number[-4:]}"
    return f"{'*' * max(0, len(number) - 4)}{number[-4:]}" if number else ""


def mask_phone(number: str) -> str:
    """Return 138****1234, or the last four of a landline."""
    if len(number) == 11 and number.isdigit():
        return f"{number[:3]}****{number[-4:]}"
    return f"****{number[-4:]}" if number else ""


def mask_last4(last4: str) -> str:
    """Return stars and the four digits that may be seen of an account."""
    return f"**** {last4}" if last4 else ""


def mask_address(address: str) -> str:
    """Return the address down to the district."""
    for mark in ("区", "县", "旗", "市"):
        place = address.find(mark)
        if place >= 0:
            return address[: place + 1]
    return address[:3]
