"""What the build raises when its result would not be sound."""


class BuildError(Exception):
    """A download, a check or an assumption of the build failed; nothing may be shipped."""


def require(condition: bool, message: str) -> None:
    """Raise `BuildError` with `message` unless `condition` holds."""
    if not condition:
        raise BuildError(message)
