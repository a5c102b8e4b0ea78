"""Text of a register for layers of folium, which read what they are given as HTML, as a script and as a template."""

from __future__ import annotations

import re

# What any of the three languages reads as more than a letter; so that the number of each is read by none of them.
_SIGNS = re.compile(r"[&<>\"'`\\${}%#]")
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def literal(text: str) -> str:
    """Write text so that a popup, a tooltip or the name of a folium layer shows it as it stands.

    `hazard_map` does so with every text by itself. A layer of folium that you add reads its text as HTML, within a script, and
    through a template twice: a hazard named ``{{ 7*7 }}`` is evaluated in Python, and one named ``Area {% 5`` stops the saving.

    Parameters
    ----------
    text : str
        What is to be shown.

    Returns
    -------
    str
        The same to the eye, in an HTML page.

    Raises
    ------
    TypeError
        If it is no text: a missing value has no spelling that could be shown.

    References
    ----------
    HTML Living Standard, character references: https://html.spec.whatwg.org.

    Examples
    --------
    >>> literal("Area {% 5 <b>")
    'Area &#123;&#37; 5 &#60;b&#62;'
    """
    return _SIGNS.sub(lambda found: f"&#{ord(found[0])};", _NO_TEXT.sub("\ufffd", text))
