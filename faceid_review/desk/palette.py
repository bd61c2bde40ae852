"""The colours and type of the look, as tokens, and the QPalette made from them.

Light and dark come from one table (docs/look.md). Painted parts ask ``tokens()`` each time they paint, so
that a change of theme needs nothing but a repaint.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget


@dataclass(frozen=True)
class Tokens:
    """One theme. Names are those of the look; values are ``#RRGGBB``."""

    name: str
    window: str
    panel: str
    raised: str
    field: str
    stage: str
    line: str
    edge: str
    text: str
    text2: str
    text3: str
    accent: str
    accentfg: str
    sel: str
    selfg: str
    ok: str
    okbg: str
    warn: str
    warnbg: str
    stop: str
    stopbg: str
    info: str
    infobg: str
    mute: str
    mutebg: str
    track: str
    trackfill: str

    def kind(self, kind: str) -> tuple[QColor, QColor]:
        """Foreground and background of a status kind: ok, warn, stop, info or mute."""
        return QColor(getattr(self, kind)), QColor(getattr(self, f"{kind}bg"))


LIGHT: Final = Tokens(
    name="light", window="#D9DBDE", panel="#E4E6E8", raised="#EDEEF0", field="#F1F2F3", stage="#4B4E52",
    line="#C3C7CC", edge="#757C85", text="#1B1E22", text2="#4A515A", text3="#555C66",
    accent="#1D5B94", accentfg="#F6F8FA", sel="#C9D9E8", selfg="#12202D",
    ok="#1B6138", okbg="#D3E4D9", warn="#744700", warnbg="#F0DFBF", stop="#92262A", stopbg="#EFD3D2",
    info="#1D5B94", infobg="#D2E0EC", mute="#4A515A", mutebg="#D6D9DC", track="#CBD0D5", trackfill="#8D96A0",
)  # fmt: skip
DARK: Final = Tokens(
    name="dark", window="#17191C", panel="#1E2124", raised="#272B2F", field="#131518", stage="#0E0F11",
    line="#34393F", edge="#6F7780", text="#DCDFE3", text2="#A7AEB6", text3="#9DA4AD",
    accent="#79B4E6", accentfg="#0E1B27", sel="#22394F", selfg="#E4EDF5",
    ok="#82C99B", okbg="#1F3428", warn="#E5B567", warnbg="#3A2E19", stop="#EE9A96", stopbg="#40221F",
    info="#79B4E6", infobg="#1C3145", mute="#A7AEB6", mutebg="#2C3136", track="#363C42", trackfill="#7C858F",
)  # fmt: skip

_current = LIGHT


def tokens() -> Tokens:
    """The theme in force."""
    return _current


def apply(app: QApplication, theme: Tokens) -> None:
    """Make ``theme`` the theme in force, for the palette and for everything that is painted."""
    global _current  # noqa: PLW0603 - one theme a process, as with QApplication itself
    _current = theme
    app.setPalette(_palette(theme))


def font(step: int = 0, *, bold: bool = False, fixed: bool = False) -> QFont:
    """The interface font, ``step`` pixels (at 100 %) from the body size: -2 caption, -1 small, 2, 7 titles.

    Sizes are points taken from the application's font, so that 200 % text works. ``fixed`` is the system's
    fixed font, half a step smaller, for ids, JSON and hashes.
    """
    basis = QApplication.font()
    if basis != _fonts.get(None):
        _fonts.clear()
        _fonts[None] = basis
    kind = (step, bold, fixed)
    if kind not in _fonts:
        _fonts[kind] = _font(basis, step, bold=bold, fixed=fixed)
    return QFont(_fonts[kind])


_fonts: dict[tuple[int, bool, bool] | None, QFont] = {}
"""Every font asked for; under None the application's, of which they were made: painting asks for hundreds a frame."""


def _font(basis: QFont, step: int, *, bold: bool, fixed: bool) -> QFont:
    made = QFont(basis)
    body = made.pointSizeF()
    if fixed:
        made.setFamilies([_fixed_family(), *made.families()])
    made.setPointSizeF(body + (step - (0.5 if fixed else 0)) * body / 13)
    made.setBold(bold)
    return made


def wear(widget: QWidget, sheet: str) -> None:
    """Give ``widget`` a style sheet. The same one again is left alone: setting one is itself a change of style."""
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)


@cache
def _fixed_family() -> str:
    """The system's fixed font, where it names one that is fixed; bare systems name an alias of nothing."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    known = QFontDatabase.families()
    for family in (system, "Menlo", "Consolas", "DejaVu Sans Mono", "Noto Sans Mono", "Liberation Mono"):
        if family in known and QFontDatabase.isFixedPitch(family):
            return family
    return system


def _palette(t: Tokens) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for target, value in {
        role.Window: t.window, role.WindowText: t.text, role.Base: t.field, role.AlternateBase: t.panel,
        role.Text: t.text, role.Button: t.raised, role.ButtonText: t.text, role.BrightText: t.stop,
        role.Highlight: t.sel, role.HighlightedText: t.selfg, role.Link: t.accent, role.LinkVisited: t.accent,
        role.PlaceholderText: t.text3, role.ToolTipBase: t.raised, role.ToolTipText: t.text,
        role.Accent: t.accent, role.Light: t.line, role.Midlight: t.line, role.Mid: t.edge,
        role.Dark: t.edge, role.Shadow: t.line,
    }.items():  # fmt: skip
        palette.setColor(target, QColor(value))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(t.text3))
    return palette
