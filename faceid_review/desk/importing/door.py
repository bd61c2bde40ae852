"""Files dropped anywhere on the window go to the import page, also where a field would take them as text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit, QPlainTextEdit, QWidget

from faceid_review.desk.importing.offered import Offered, offered

_DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class DropDoor(QObject):
    """Stands at ``window`` and at every field in it. Shut until :meth:`attended` opens it."""

    dropped = Signal(object)
    """The Offered that was let go over the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._open = False
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        for kind in (QLineEdit, QPlainTextEdit):
            for field in window.findChildren(kind):
                at = field.viewport() if isinstance(field, QAbstractScrollArea) else field
                at.installEventFilter(self)

    def attended(self, open_: bool) -> None:
        """Whether there is a vault to import into."""
        self._open = open_

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _DRAGS or not isinstance(event, QDropEvent | QDragEnterEvent | QDragMoveEvent):
            return False
        if not self._open or not event.mimeData().hasUrls():
            return False
        # Never moved: what is imported stays where it was.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self._tell(offered(event.mimeData()))
        return True

    def _tell(self, what: Offered) -> None:
        self.dropped.emit(what)
