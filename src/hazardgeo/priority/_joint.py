"""Joint tasks ranked as one list across the border."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import HazardgeoError, named
from hazardgeo.priority._inputs import criteria_table, refuse_unknown
from hazardgeo.priority._rank import ranking

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from hazardgeo.borders import JointTasks

TAKES = ("most", "least", "sum")
_ABOUT = ["sides", "across", "hazards", "registers", "records", "ground_m2"]


def rank_joint(
    joint: JointTasks,
    criteria: pd.DataFrame | Mapping[str, pd.Series[Any]],
    weights: Mapping[str, float],
    *,
    take: Mapping[str, str] | None = None,
    less_is_more: Iterable[str] = (),
    **options: Any,
) -> pd.DataFrame:
    """Rank joint tasks as one list, whichever side of the border their hazards lie on or are recorded by.

    Criteria of hazards are brought together for each task, so that it is as urgent, criterion by criterion, as its most urgent
    hazard. The list says what to talk about first; which side works where is the authorities' to say.

    Parameters
    ----------
    joint : JointTasks
        As `hazardgeo.borders.joint_tasks` gives them.
    criteria : pandas.DataFrame or mapping of str to pandas.Series
        Each on the ids of the hazards (``REGISTER/id``; those that are in no task may be among them), or on the tasks' index,
        such as ``joint.tasks["ground_m2"]``.
    weights : mapping of str to float
        As `hazardgeo.rank` takes them.
    take : mapping of str to {"most", "least", "sum"}, optional
        How the values of a task's hazards come together; *least* where less is more urgent and *most* elsewhere unless
        given. A sum counts twice what two hazards share, such as people near both. One value that is not known leaves
        that of the task unknown.
    less_is_more : iterable of str
        As `hazardgeo.rank` takes it.
    **options
        ``scaling`` and ``bounds``, as `hazardgeo.rank` takes them.

    Returns
    -------
    pandas.DataFrame
        By ``task``: ``sides``, ``across``, ``hazards``, ``registers``, ``records``, ``ground_m2`` as in ``joint.tasks``, and the
        columns of `hazardgeo.rank`.

    Raises
    ------
    HazardgeoError
        If a hazard of a task has no value, or names, weights or options do not fit.

    References
    ----------
    docs/explanation/priority.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> bih = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> hrv = hz.read_hazards(hz.sample_data("hrv_register.geojson"))
    >>> joint = hz.borders.joint_tasks(bih, hrv, hz.borders.load("HRV", "BIH"), within_m=200)
    >>> ground = {"ground": joint.tasks["ground_m2"]}
    >>> found = hz.priority.rank_joint(joint, ground, {"ground": 1})
    >>> bool(found.loc[joint.tasks["ground_m2"].idxmax(), "rank"] == 1), len(found) == len(joint.tasks)
    (True, True)
    """
    names = [*criteria]
    turned = less_is_more if isinstance(less_is_more, str) else list(less_is_more)
    refuse_unknown("less_is_more", turned, names)
    how = {name: "least" if name in turned else "most" for name in names} | dict(take or {})
    refuse_unknown("take", how, names)
    wrong = [name for name, one in how.items() if one not in TAKES]
    if wrong:
        raise HazardgeoError(f"take of {named(wrong)} is not known. Give one of {', '.join(TAKES)}.")
    together = {name: _of_tasks(joint.tasks, criteria[name], name, how[name]) for name in names}
    table = ranking(joint.tasks, together, weights, less_is_more=turned, **options).table
    taken = sorted(set(_ABOUT) & set(table.columns))
    if taken:
        raise HazardgeoError(f"{named(taken)}: the list has a column of that name already. Rename the criterion.")
    joined: pd.DataFrame = joint.tasks[_ABOUT].join(table)
    return joined


def _of_tasks(tasks: pd.DataFrame, values: Any, name: str, how: str) -> Any:
    import pandas as pd

    if not isinstance(values, pd.Series) or set(values.index) == set(tasks.index):
        return values  # if there is anything wrong with it, the ranking says so
    numbers = criteria_table(values.to_frame(), {name: values})[name]
    members = tasks["hazards"].str.split(";").explode()
    lacking = members[~members.isin(numbers.index)]
    if len(lacking):
        raise HazardgeoError(
            f"{name} says nothing of {named(lacking)}. Give every hazard of a task a value, by REGISTER/id."
        )
    groups = numbers.loc[members.tolist()].groupby(members.index.to_numpy())
    brought = {"most": groups.max, "least": groups.min, "sum": groups.sum}[how]()
    return brought.where(groups.count() == groups.size())
