"""Check digits of identity cards and bank cards."""

import re


def luhn(digits: str) -> bool:
    """Tell whether the last digit is right for a bank card (ISO/IEC 7812-1, annex B)."""
    doubled = [int(c) * (2 if at % 2 else 1) for at, c in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def resident(number: str) -> bool:
    """Tell whether 17 digits and a digit or X are a mainland identity number (GB 11643-1999: ISO 7064, MOD 11-2)."""
    values = [10 if c in "xX" else int(c) for c in number]
    return sum(value * pow(2, 17 - at, 11) for at, value in enumerate(values)) % 11 == 1


def hong_kong(number: str) -> bool:
    """Tell whether a letter or two, six digits and a digit or A are a Hong Kong identity number.

    A letter counts from A = 10, a missing first letter as a space of 36; weights fall from 9 to 1 and the sum is a
    multiple of 11.
    """
    values = [36 if c == " " else int(c, 36) for c in number.upper().rjust(9)]
    return sum(value * (9 - at) for at, value in enumerate(values)) % 11 == 0


def taiwan(number: str) -> bool:
    """Tell whether a letter and nine digits are a Taiwan identity number.

    The letter stands for two digits with weights 1 and 9, the others have 8 to 1 and 1; the sum is a multiple of 10.
    """
    code = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0].upper()) + 10
    digits = [int(c) for c in number[1:]]
    total = code // 10 + code % 10 * 9 + sum(digit * (8 - at) for at, digit in enumerate(digits[:8])) + digits[8]
    return total % 10 == 0


def bare(text: str) -> str:
    """Leave letters and digits alone."""
    return re.sub(r"[^0-9A-Za-z]", "", text)
