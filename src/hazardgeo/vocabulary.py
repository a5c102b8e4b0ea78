"""The field's words: each term once, with its meaning, source and grade.

Classification (evidence), work status (process), release kind (product) and contamination (contents) are four
separate axes, because treaties and reports count different combinations of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from hazardgeo.sources import Grade, Source


@dataclass(frozen=True)
class Term:
    """A word as it stands in a file, the words a person reads, and what it means."""

    word: str
    label: str
    meaning: str
    source: Source


@dataclass(frozen=True)
class Vocabulary:
    """The terms that one column may hold."""

    name: str
    terms: tuple[Term, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words, in their stated order."""
        return tuple(term.word for term in self.terms)

    def label(self, word: str) -> str:
        """Give the words that a person reads for `word`.

        Examples
        --------
        >>> CLASSIFICATION.label("CHA")
        'Confirmed hazardous area (CHA)'
        """
        return next(term.label for term in self.terms if term.word == word)


_GUIDE = "IMAS 04.10 Ed. 2 Am. 10, as quoted in the GICHD IED Clearance Good Practice Guide, glossary"
_NPA = "Norwegian People's Aid, Land Release (methodology page), and LMAC NMAS 08.20"
_IMSMA = "GICHD IMSMA wiki, Understanding IMSMA Information Model"
_MDR = "GICHD Minimum Data Requirements (2018 draft)"
_OURS = "hazardgeo: the word is needed so that no record has to be guessed"


def _terms(citation: str, grade: Grade, *rows: tuple[str, str, str]) -> tuple[Term, ...]:
    source = Source(citation, grade)
    return tuple(Term(word, label, meaning, source) for word, label, meaning in rows)


CLASSIFICATION = Vocabulary(
    "classification",
    (
        *_terms(
            _GUIDE,
            Grade.SECONDARY,
            ("CHA", "Confirmed hazardous area (CHA)",
             "An area where contamination has been confirmed on the basis of direct evidence."),
        ),
        *_terms(
            _NPA,
            Grade.SECONDARY,
            ("SHA", "Suspected hazardous area (SHA)",
             "An area with reasonable suspicion of contamination on the basis of indirect evidence."),
        ),
        *_terms(
            _OURS,
            Grade.ASSUMED,
            ("unstated", "Class not stated", "The register states no class; counted apart, never as a lesser one."),
        ),
    ),
)  # fmt: skip

WORK_STATUS = Vocabulary(
    "work_status",
    (
        *_terms(
            _IMSMA,
            Grade.SECONDARY,
            ("open", "Open", "Recorded; no work has been reported."),
            ("worked_on", "Worked on", "Survey or clearance has been reported and is not complete."),
        ),
        *_terms(
            "Somalia Explosive Management Authority, Mine Action Data Catalogue v1.2 (statuses of a live register)",
            Grade.SECONDARY,
            ("suspended", "Suspended", "Work has begun and rests."),
        ),
        *_terms(
            _MDR,
            Grade.SECONDARY,
            ("closed", "Closed", "The register states that work is complete."),
            ("handed_over", "Handed over", "Closed, and handed over to its users."),
        ),
        *_terms(
            _OURS,
            Grade.ASSUMED,
            ("unstated", "Work status not stated", "The register states no status that can be read; counted as open."),
        ),
    ),
)
OPEN_STATUSES = ("open", "worked_on", "suspended", "unstated")
"""Work statuses of open ground; closed and handed-over records are listed apart, never dropped."""
CLOSED_STATUSES = ("closed", "handed_over")
"""The others. A record without a status is not among them: nothing says that its ground is closed."""

CONTAMINATION = Vocabulary(
    "contamination",
    _terms(
        "IMAS 04.10 terms; the abbreviations are in general use in mine action",
        Grade.ASSUMED,
        ("AP", "Anti-personnel mines", "Anti-personnel mines."),
        ("AV", "Anti-vehicle mines", "Anti-vehicle mines."),
        ("CMR", "Cluster munition remnants", "Failed, abandoned or unexploded submunitions and bomblets."),
        ("UXO", "Unexploded ordnance", "Ordnance that was used and failed to explode."),
        ("AXO", "Abandoned ordnance", "Ordnance left behind and not used."),
        ("IED", "Improvised explosive devices", "Improvised explosive devices."),
        ("BT", "Booby traps", "Booby traps."),
        ("unknown", "Contents unknown", "The register does not know the contents."),
    ),
)

EXCLUSION = Vocabulary(
    "exclusion",
    _terms(
        "Landmine Monitor 2016 (Tajikistan) and 2017 (Croatia): inaccessible areas and military areas are stated apart",
        Grade.SECONDARY,
        ("military", "Military area", "Ground of the armed forces, which its register states apart."),
        ("inaccessible", "Inaccessible", "Ground that cannot be reached or worked on."),
    ),
)

RELEASE_KIND = Vocabulary(
    "kind",
    _terms(
        f"{_NPA}; counter-explosive-ordnance course lesson 05.7, land release table",
        Grade.SECONDARY,
        ("cleared", "Cleared", "Released by clearance to a stated depth."),
        ("reduced", "Reduced", "Released by technical survey."),
        ("cancelled", "Cancelled", "Released by non-technical survey."),
    ),
)

GEOMETRY_KIND = Vocabulary(
    "geometry_kind",
    _terms(
        "Engeset (2003), IMSMA and SHAs, JMU 7.3: early surveys drew circles of equal area, not shapes",
        Grade.SECONDARY,
        ("surveyed", "Surveyed", "Vertices were measured on the ground."),
        ("digitised", "Digitised", "Vertices were drawn on a map or an image."),
        ("symbolic", "Symbolic", "Only position and size are known; the outline is a symbol."),
    ),
)

POINT_KIND = Vocabulary(
    "kind",
    (
        *_terms(
            "GICHD IMSMA wiki, Point Types",
            Grade.SECONDARY,
            ("evidence", "Evidence", "A strike mark, fragment, item or container at a known place."),
            ("usage", "Usage", "A target or firing position of ordnance."),
            ("reference", "Reference point", "A landmark some way outside an area."),
            ("benchmark", "Benchmark", "A fixed point just outside an area, safe to walk to from the reference point."),
            ("turning", "Turning point", "A corner of a perimeter, start and end point included."),
        ),
        *_terms(
            _MDR,
            Grade.SECONDARY,
            ("accident", "Accident", "A place where somebody or something was hit."),
        ),
        *_terms(
            _OURS,
            Grade.ASSUMED,
            ("place", "Place", "A settlement, school, crossing or other place of interest."),
            ("unstated", "Kind not stated", "The register does not say what the point is."),
        ),
    ),
)

BORDER_STATUS = Vocabulary(
    "status",
    (
        *_terms(
            "Stages of boundary making (agreement, delimitation, demarcation), general usage",
            Grade.ASSUMED,
            ("agreed", "Agreed", "Both states agree on the line."),
            ("delimited", "Delimited", "Described in a treaty and drawn on a map."),
            ("demarcated", "Demarcated", "Marked on the ground."),
        ),
        *_terms(
            "Natural Earth 5.1.1, FEATURECLA of the land boundary lines",
            Grade.READ,
            ("undetermined", "Undetermined", "No line has been determined."),
            ("disputed", "Disputed", "States claim different lines."),
        ),
        *_terms(_OURS, Grade.ASSUMED, ("unstated", "Status not stated", "The source does not state a status.")),
    ),
)

SIDE = Vocabulary(
    "side",
    _terms(
        _OURS,
        Grade.ASSUMED,
        ("disputed", "Disputed ground", "Ground that more than one state claims in this border set."),
        ("undetermined", "Undetermined ground", "Ground whose state this border set does not determine."),
        ("no_country", "No country", "Ground or water that no country of this border set covers."),
        ("beyond_extent", "Beyond the border set", "Ground outside the extent that this border set answers for."),
        ("not_asked", "All sides", "No border was asked, so that nothing is said of sides."),
    ),
)
"""Words that stand beside the country codes in the column ``side``; it is never null."""

RELATION = Vocabulary(
    "relation",
    _terms(
        "hazardgeo: definitions in docs/explanation/borders.md",
        Grade.ASSUMED,
        ("crossing", "Crossing", "Reaches further than the offset beyond the line on both sides."),
        ("indeterminate", "Indeterminate", "The offset of the line does not allow a yes or a no."),
        ("near", "Near", "On one side, further from the line than its offset, within the near distance."),
        ("away", "Away", "Further from the line than the near distance."),
    ),
)

SEVERITY = Vocabulary(
    "severity",
    _terms(
        "hazardgeo: three classes as in IHO S-58 (critical, error, warning)",
        Grade.ASSUMED,
        ("quarantined", "Quarantined", "The record cannot be used until its source is mended."),
        ("serious", "Serious", "The record can be used only by someone who knows of this."),
        ("note", "Note", "Worth knowing; changes no number."),
    ),
)

VOCABULARIES = (
    CLASSIFICATION,
    WORK_STATUS,
    CONTAMINATION,
    EXCLUSION,
    RELEASE_KIND,
    GEOMETRY_KIND,
    POINT_KIND,
    BORDER_STATUS,
    SIDE,
    RELATION,
    SEVERITY,
)
