"""Forms in several parts (`multipart/form-data`), taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from store_credit_mock.http import Request

if TYPE_CHECKING:
    from email.message import MIMEPart

__all__ = ["MULTIPART", "FormError", "multipart_pairs"]

MULTIPART: Final = "multipart/form-data"


class FormError(ValueError):
    """A body is not the form that its content type says; the text says why."""


def multipart_pairs(request: Request) -> list[tuple[str, str]]:
    """The parts of a `multipart/form-data` body as pairs, in order; files are texts of as many characters as bytes.

    Raises:
        FormError: It has no boundary, does not end, or a part has no name.
    """
    try:
        return _pairs(request)
    except FormError:
        raise
    except Exception as error:  # noqa: BLE001 - a parser of mail meets bytes of anybody here, thousands of levels too
        raise FormError(f"the body cannot be split into parts ({type(error).__name__})") from None


def _pairs(request: Request) -> list[tuple[str, str]]:
    # Hardly ever needed, and a twentieth of what starting takes.
    from email import policy
    from email.parser import BytesParser

    head = b"content-type: " + request.first_headers.get(b"content-type", b"") + b"\r\n\r\n"
    message = BytesParser(policy=policy.HTTP).parsebytes(head + request.body)
    if not message.is_multipart():
        raise FormError(
            "the body cannot be split into parts; the Content-Type header must contain the `boundary` parameter"
        )
    for defect in message.defects:
        raise FormError(f"the parts are not valid ({type(defect).__name__})")
    found: list[tuple[str, str]] = []
    for part in message.iter_parts():
        name: Any = part.get_param("name", header="content-disposition")
        if isinstance(name, str):
            # Browsers send names as they are, in UTF-8, which the parser keeps as what it cannot read.
            name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        else:
            raise FormError("a part has no name; each part needs `Content-Disposition: form-data; name=...`")
        content = cast("bytes", part.get_payload(decode=True) or b"")
        found.append((name, _text(part, content)))
    return found


def _text(part: MIMEPart, content: bytes) -> str:
    if part.get_filename() is None and part.get_content_maintype() != "application":
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if part.get_content_subtype() == "json" or part.get_content_subtype().endswith("+json"):
        return content.decode("utf-8", "replace")
    return content.decode("latin-1")
