"""A table as text: Markdown for a letter, HTML for a page; what a register says is text in both."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hazardgeo.accounting._tables._table import Table

# Signs that Markdown, or HTML within it, would take for its own.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>|#~])")
# Styles stand in the cells, since a letter keeps no style sheet of the page that a table comes from.
_TABLE = "border-collapse:collapse;font-variant-numeric:tabular-nums"
_CELL = "padding:.25em .6em;border-bottom:1px solid #d0d7de;vertical-align:top"
_HEAD = f"{_CELL};border-bottom:2px solid #57606a;background:#f6f8fa"
_PAGE = (
    'body{font:15px/1.45 "Segoe UI","Noto Sans",Arial,sans-serif;color:#1b1f24;margin:0 auto;padding:1.5rem;max-width:76rem}'
    "h1{font-size:1.6rem}main>div{margin:1.8rem 0;overflow-x:auto}"
    "footer{color:#57606a;font-size:.88rem;border-top:1px solid #d0d7de}"
    "@page{size:A4 landscape;margin:12mm}@media print{body{font-size:9pt;max-width:none;padding:0}main>div{overflow:visible}"
    "tr{break-inside:avoid}thead{display:table-header-group}}"
)
_TOTAL = "font-weight:bold;border-top:2px solid #57606a"


def as_markdown(table: Table) -> str:
    """A caption, a table of pipes, and the footnotes numbered below it."""
    figures = [table.is_figures(i) for i in range(len(table.header))]
    lines = [f"**{_marked(table.caption)}**", "", _row(table.header)]
    lines.append("|" + "|".join(" ---: " if one else " --- " for one in figures) + "|")
    for i, row in enumerate(table.rows):
        cells = [str(cell) for cell in row]
        lines.append(_row(cells, bold=i in table.totals))
    if table.footnotes:
        lines += ["", *(f"{i}. {_marked(note)}" for i, note in enumerate(table.footnotes, start=1))]
    return "\n".join(lines) + "\n"


def _row(cells: tuple[str, ...] | list[str], *, bold: bool = False) -> str:
    marked = [_marked(cell) for cell in cells]
    return "| " + " | ".join(f"**{cell}**" if bold and cell else cell for cell in marked) + " |"


def _marked(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(text.split("\n")).replace("\r", " ")).replace("&", "&amp;")


def as_html(table: Table) -> str:
    """A table element with its caption and headers, and the footnotes as a list; every text escaped."""
    figures = [table.is_figures(i) for i in range(len(table.header))]
    head = "".join(
        f'<th scope="col" style="{_HEAD};text-align:{"right" if one else "left"}">{_text(cell)}</th>'
        for cell, one in zip(table.header, figures, strict=True)
    )
    body = "\n".join(_html_row(row, figures, total=i in table.totals) for i, row in enumerate(table.rows))
    caption = f'<caption style="text-align:left;font-weight:bold;padding-bottom:.3em">{_text(table.caption)}</caption>'
    notes = "".join(f"<li>{_text(note)}</li>" for note in table.footnotes)
    below = f'\n<ol style="font-size:smaller;padding-left:2.4em">{notes}</ol>' if notes else ""
    return (
        f'<div>\n<table style="{_TABLE}">\n{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>'
        f"{below}\n</div>\n"
    )


def as_page(title: str, tables: Sequence[Table], about: Sequence[str]) -> str:
    """A whole page of tables: nothing is fetched, and nothing runs."""
    body = "\n".join(table.to_html() for table in tables)
    lines = "".join(f"<p>{_text(line)}</p>" for line in about)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{_PAGE}</style>\n</head>\n<body>\n<h1>{_text(title)}</h1>\n"
        f"<main>\n{body}</main>\n<footer>{lines}</footer>\n</body>\n</html>\n"
    )


def _html_row(row: tuple[object, ...], figures: list[bool], *, total: bool) -> str:
    cells = []
    for i, (cell, one) in enumerate(zip(row, figures, strict=True)):
        style = f"{_CELL};text-align:{'right;white-space:nowrap' if one else 'left'}"
        style += f";{_TOTAL}" if total else "" if i else ";font-weight:normal"
        tag, scope = ("th", ' scope="row"') if i == 0 else ("td", "")
        cells.append(f'<{tag}{scope} style="{style}">{_text(str(cell))}</{tag}>')
    return f"<tr>{''.join(cells)}</tr>"


def _text(text: str) -> str:
    return html.escape(text)
