"""Rules of the account of land release, found where it is drawn up (`hazardgeo.accounting`)."""

from __future__ import annotations

from hazardgeo.registers._rules._catalogue import NOTE, SERIOUS, declare
from hazardgeo.sources import Grade, Source

_OURS = Source("hazardgeo design choice", Grade.ASSUMED)
_LIFECYCLE = Source("hazardgeo: the lifecycle of a hazard, docs/explanation/accounting.md", Grade.ASSUMED)
_CLEARANCE = Source(
    "IMAS 04.10 Ed. 2 Am. 10, as quoted in the GICHD IED Clearance Good Practice Guide, glossary: clearance is of a "
    "specified area to a specified depth",
    Grade.SECONDARY,
)
_WIKI = Source(
    "GICHD IMSMA wiki, Understanding IMSMA Information Model (revision 24062): a report changes a record only where its date of "
    "information is later",
    Grade.SECONDARY,
)

declare(
    "release-kind-unknown",
    SERIOUS,
    "record",
    "A release does not say whether it was cancelled, reduced or cleared.",
    "Nobody knows how the land was released: it lowers nothing until that is known.",
    _OURS,
)
declare(
    "release-undated",
    SERIOUS,
    "record",
    "A release has no day of completion.",
    "It belongs to no year and may not be complete: it lowers nothing until the day is known.",
    _OURS,
)
declare(
    "release-outline-unclear",
    SERIOUS,
    "record",
    "The outline of a release is missing, faulty or a symbol.",
    "Nobody can tell which ground was released: it lowers nothing.",
    _OURS,
)
declare(
    "method-missing",
    NOTE,
    "record",
    "A cleared release does not state the method.",
    "Cleared by what, and hence how thoroughly, cannot be told from the record.",
    _CLEARANCE,
)
declare(
    "release-outside-hazard",
    SERIOUS,
    "register",
    "Part of a release lies outside the hazard that it names, by more than the accuracy of both outlines explains.",
    "Work done outside lowers nothing: what is recorded as hazardous is as large as before.",
    _LIFECYCLE,
)
declare(
    "released-twice",
    SERIOUS,
    "register",
    "Two releases of one hazard have ground in common, more than the accuracy of both outlines explains.",
    "Typed areas count that ground twice; by geometry it counts once, for the earlier release.",
    _LIFECYCLE,
)
declare(
    "cancelled-after-work",
    SERIOUS,
    "register",
    "Ground was cancelled after it had been reduced or cleared.",
    "Cancelled means that nobody had to go there; after intrusive work the land is reduced or cleared.",
    _LIFECYCLE,
)
declare(
    "closed-with-ground-left",
    SERIOUS,
    "register",
    "A hazard is closed, and its releases do not cover it.",
    "Some of its ground was never released: a release is missing, or the hazard was closed too early.",
    _LIFECYCLE,
)
declare(
    "exclusion-unknown",
    SERIOUS,
    "record",
    "The column `exclusion` holds a word other than military or inaccessible.",
    "The hazard stays in the account, since nobody knows what it is excluded for.",
    _OURS,
)
declare(
    "declared-release-exceeds-hazard",
    SERIOUS,
    "register",
    "The releases of a hazard declare more land than the hazard does.",
    "One of the declared areas is wrong; what is beyond the hazard's own stands under reappraisal.",
    _OURS,
)
declare(
    "status-backwards",
    SERIOUS,
    "register",
    "From one state of the register to the next, the work status moves backwards without later information.",
    "A closed hazard is opened again by what was learnt later (an item missed, a flood); without it one status is wrong.",
    _LIFECYCLE,
)
declare(
    "class-backwards",
    SERIOUS,
    "register",
    "A confirmed hazard becomes a suspected one.",
    "Direct evidence does not go away: the ground is surveyed again and cancelled, not suspected less.",
    _LIFECYCLE,
)
declare(
    "information-backwards",
    SERIOUS,
    "register",
    "The date of information of a hazard is earlier in the later state of the register.",
    "An older report has replaced a newer one, or one of the dates is wrong.",
    _LIFECYCLE,
)
declare(
    "information-tied",
    NOTE,
    "register",
    "A hazard was changed, and its date of information was not.",
    "A system that takes a report only where its date is later drops one of the two, and says nothing.",
    _WIKI,
)
declare(
    "outline-lost",
    SERIOUS,
    "register",
    "A hazard that was drawn before has no outline in the later state of the register.",
    "An outline that is lost releases nothing: without it nobody sees which ground is hazardous.",
    _OURS,
)
declare(
    "hazard-vanished",
    SERIOUS,
    "register",
    "A hazard with ground left is missing in the later state of the register.",
    "Land that leaves a register without a release stands in the residual: nobody has said that it was released.",
    _LIFECYCLE,
)
