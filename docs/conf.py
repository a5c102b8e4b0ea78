"""How the documentation is built: ``make check`` builds it with warnings as errors."""

from hazardgeo._version import __version__

project = "hazardgeo"
author = "the hazardgeo contributors"
project_copyright = "2026, the hazardgeo contributors"
version = release = __version__

extensions = ["myst_nb", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
templates_path = ["_templates"]
exclude_patterns = ["_generated/layers*.md", "_generated/rules.rst", "_generated/words.rst"]
nitpicky = True
myst_enable_extensions = ["dollarmath"]
html_theme = "pydata_sphinx_theme"
html_theme_options = {"show_nav_level": 1, "navigation_with_keys": False, "secondary_sidebar_items": ["page-toc"]}
html_show_sourcelink = False
nb_execution_mode = "auto"  # they stand in the repository without outputs
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True
nb_output_stderr = "remove"  # the word on long work
default_role = "literal"

autosummary_generate = True
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
autodoc_typehints = "none"


def _list_table(title, header, rows):
    lines = [title, "-" * len(title), "", ".. list-table::", "   :header-rows: 1", ""]
    for row in (header, *rows):
        lines += [f"   {'*' if i == 0 else ' '} - {cell}" for i, cell in enumerate(row)]
    return [*lines, ""]


def every_constant():
    """Every constant of the package, wherever it stands; one that stands in several modules once."""
    import importlib
    import pkgutil

    import hazardgeo
    from hazardgeo.constants import Constant

    found = {}
    for module in pkgutil.walk_packages(hazardgeo.__path__, "hazardgeo."):
        last = module.name.rpartition(".")[2]
        # The one runs the command; the others need the extra `fast`, and hold none.
        if last != "__main__" and not last.startswith("_compiled"):
            values = vars(importlib.import_module(module.name)).values()
            found |= {value.name: value for value in values if isinstance(value, Constant)}
    return [found[name] for name in sorted(found)]


def print_words(app):
    """Print vocabulary, constants and columns from the live objects, so that the page cannot disagree with the code."""
    from pathlib import Path

    from hazardgeo.schema import SCHEMAS
    from hazardgeo.vocabulary import VOCABULARIES

    lines = []
    for vocabulary in VOCABULARIES:
        rows = [(f"``{t.word}``", t.label, t.meaning, t.source.label) for t in vocabulary.terms]
        lines += _list_table(vocabulary.name, ("word", "label", "meaning", "source"), rows)
    rows = [(f"``{c.name}``", f"{c.value!r} {c.unit}", c.meaning, c.source.label) for c in every_constant()]
    lines += _list_table("constants", ("name", "value", "meaning", "source"), rows)
    for schema in SCHEMAS.values():
        rows = [
            (
                f"``{c.name}``",
                "yes" if c.required else "",
                c.kind,
                c.meaning,
                c.unit,
                ", ".join(c.vocabulary.words) if c.vocabulary else "",
            )
            for c in schema.columns
        ]
        lines += _list_table(
            f"columns of {schema.name} (index {schema.index})",
            ("column", "required", "kind", "meaning", "unit", "words"),
            rows,
        )
    folder = Path(app.srcdir) / "_generated"
    folder.mkdir(exist_ok=True)
    (folder / "words.rst").write_text("\n".join(lines), encoding="utf-8")
    _copy_notebooks(folder)
    for name, text in _layers().items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    (folder / "rules.rst").write_text("\n".join(_rules()), encoding="utf-8")


def _copy_notebooks(folder):
    """The notebooks lie beside the docs, where a newcomer looks for them."""
    import shutil
    from pathlib import Path

    target = folder / "notebooks"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(Path(__file__).parents[1] / "notebooks", target, ignore=shutil.ignore_patterns(".*"))


def _layers():
    """The layers as the contract in pyproject.toml has them, the highest first."""
    import tomllib
    from pathlib import Path

    said = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    pages = {}
    for contract in said["tool"]["importlinter"]["contracts"]:
        layers = [[one.strip().strip("()") for one in layer.split("|")] for layer in contract["layers"]]
        rows = ["| layer | what it is |", "|---|---|"]
        for names in layers:
            about = {name: _first_line(f"{contract['containers'][0]}.{name}") for name in names}
            there = {
                name: line for name, line in about.items() if line
            }  # one in brackets in the contract may be yet to come
            if there:
                rows.append(f"| {' · '.join(f'`{name}`' for name in there)} | {' · '.join(there.values())} |")
        key = "layers" if contract["containers"] == ["hazardgeo"] else "layers_borders"
        pages[key] = "\n".join(rows) + "\n"
    return pages


def _first_line(name):
    import importlib.util

    try:
        found = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return ""
    if found is None or found.origin is None:
        return ""
    import ast
    from pathlib import Path

    return (ast.get_docstring(ast.parse(Path(found.origin).read_text(encoding="utf-8"))) or "").partition("\n")[0]


def _rules():
    from hazardgeo.registers import rules
    from hazardgeo.sources import Grade, Source

    def plain(text):
        return text.replace("_", "\\_")  # a name that ends in one would be a link

    lines = []
    for scope, some in rules().groupby("scope", sort=False):
        rows = [
            (f"``{r.name}``", r.severity, plain(f"{r.what} {r.means}"), plain(Source(r.source, Grade(r.grade)).label))
            for r in some.itertuples()
        ]
        lines += _list_table(scope, ("rule", "severity", "what it finds, and what that means", "source"), rows)
    return lines


def setup(app):
    """Register what is printed anew at each build."""
    app.connect("builder-inited", print_words)
