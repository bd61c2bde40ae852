"""What the stage says of itself: to a screen reader, and in the strip above an altered view."""

from __future__ import annotations

from collections.abc import Iterable

from faceid_review.desk.photos.altered_views import AlteredViews
from faceid_review.desk.photos.compare import LEFT, Compare, Mode
from faceid_review.desk.photos.hung import Hung
from faceid_review.desk.photos.loupe import enlargement
from faceid_review.i18n import Words


def side_name(at: int, hung: Hung, compare: Compare, words: Words) -> str:
    """What a side is called: what hangs on it, and which side it is where there are two."""
    parts = (hung.spoken(words), compare.sides[at].describe())
    said = words("photos.comma").join(part for part in parts if part)
    if compare.mode is Mode.ONE:
        return words("photos.stage.name", words=said)
    return words("stage.say.left" if at == LEFT else "stage.say.right", words=said)


def side_description(at: int, compare: Compare, words: Words) -> str:
    """How large its photograph is shown, and whether smoothed; empty where there is none."""
    side = compare.sides[at]
    if side.picture is None:
        return ""
    scale = words("photos.say.zoom", percent=round(side.view.scale * 100))
    return f"{scale}{words('photos.comma')}{words('photos.exact' if side.exact else 'photos.smoothed')}"


def altered(visible: Iterable[Hung], views: AlteredViews, compare: Compare, words: Words) -> str:
    """Everything in which what is seen is not the original; empty where it is."""
    said = []
    for hung in visible:
        what = views.alteration(hung.sha256).describe(words)
        if what and hung.picture:
            said.append(words("stage.altered.one", exhibit=hung.name(words), what=what))
    if compare.loupe and compare.side.picture:
        percent = round(100 * enlargement(compare.side.view.scale))
        said.append(words("stage.altered.loupe", percent=percent))
    if compare.grid and compare.side.picture:
        said.append(words("stage.altered.grid"))
    return words("stage.altered", what=words("stage.semicolon").join(said)) if said else ""
