"""The media types a document lists, and which of them a message has: by its own name first, then by a range."""

from __future__ import annotations

from typing import Generic, TypeVar

__all__ = ["MediaTypes", "plain_media_type"]

Content = TypeVar("Content")


def plain_media_type(name: str) -> str:
    """A media type as it is compared: in lower case, without parameters."""
    return name.partition(";")[0].strip().lower()


class MediaTypes(dict[str, Content], Generic[Content]):
    """What a document has for each media type, by its name without parameters; ranges such as `text/*` among them."""

    def find(self, media_type: str) -> Content | None:
        """What the document has for the media type of a message; None if nothing."""
        name = self.name(media_type)
        return None if name is None else self[name]

    def name(self, media_type: str) -> str | None:
        """What the document calls the media type of a message; the closest range, if it is in several."""
        if media_type in self:
            return media_type
        group, _, kind = media_type.partition("/")
        ranges = [f"{group}/*+{kind.rpartition('+')[2]}"] if "+" in kind or kind in {"json", "xml"} else []
        if kind:
            ranges.append(f"{group}/*")
        return next((one for one in (*ranges, "*/*", "*") if one in self), None)
