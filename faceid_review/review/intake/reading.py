"""From what was named to what lies in it: folders walked, files opened, each read once and no further than it must."""

from __future__ import annotations

import io
import os
import stat
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from faceid_review.review.intake import archives
from faceid_review.review.intake.places import Looked, Pasted, Source, shown
from faceid_review.review.intake.recognising import ZIP, Found, alone, recognise

_SECONDS: Final = 0.05
"""How long progress is kept back, so that nobody is told of ten thousand steps."""

_SHORT: Final = 1024 * 1024
_FILES_AHEAD: Final = 8


@dataclass(frozen=True)
class _File:
    label: str
    size: int = 0
    path: Path | None = None
    data: bytes = field(default=b"", repr=False)
    problem: str = ""


class Reading:
    """One pass over ``sources``. Iterating gives what is found; it ends early once ``cancelled`` says so."""

    def __init__(
        self, sources: Iterable[Source], progress: Callable[[Looked], None], cancelled: Callable[[], bool]
    ) -> None:
        self.sources = tuple(sources)
        self.cancelled = False
        self._progress, self._stop = progress, cancelled
        self._done = self._before = self._places = 0
        self._told = 0.0

    def __iter__(self) -> Iterator[Found]:
        return self.over(None)

    def over(self, pool: Executor | None) -> Iterator[Found]:
        """The same, with files that are short read and recognised by ``pool``, a few ahead."""
        files = list(_walked(self.sources, self._stop))
        self._whole, self._size = len(files), sum(file.size for file in files)
        for file, ahead in _ahead(files, pool):
            for found in self._in_file(file, ahead.result() if ahead else None):
                self._places += 1
                yield found
                if self._stop():
                    break
            if self._stop():
                self.cancelled = True
                break
            self._done += 1
            self._before += file.size
            self._tell(self._before)
        self._tell(self._before, last=True)

    def _in_file(self, file: _File, ahead: Found | None) -> Iterator[Found]:
        if ahead is not None:
            yield ahead
            return
        if file.problem:
            yield Found(file.label, problem=file.problem)
            return
        try:
            with _opened(file) as opened:
                for found in _in_open(opened, file):
                    if time.monotonic() - self._told >= _SECONDS:
                        with suppress(OSError, ValueError):
                            self._tell(self._before + min(opened.tell(), file.size))
                    yield found
        except OSError as error:
            yield Found(file.label, problem="unreadable_file", facts={"why": error.strerror or ""})

    def _tell(self, read: int, *, last: bool = False) -> None:
        now = time.monotonic()
        if last or now - self._told >= _SECONDS:
            self._told = now
            self._progress(Looked(self._done, self._whole, read, self._size, self._places))


def _ahead(files: list[_File], pool: Executor | None) -> Iterator[tuple[_File, Future[Found | None] | None]]:
    waiting: deque[tuple[_File, Future[Found | None] | None]] = deque()
    for file in files:
        short = pool is not None and file.path is not None and file.size <= _SHORT and not file.problem
        waiting.append((file, pool.submit(_short, file) if pool and short else None))
        if len(waiting) > _FILES_AHEAD:
            yield waiting.popleft()
    yield from waiting


def _short(file: _File) -> Found | None:
    """What a short file holds, hashed already; None where it is to be read as every other one."""
    try:
        with _opened(file) as opened:
            data = opened.read(file.size + 1)
    except OSError:
        return None
    if len(data) > file.size or data.startswith(ZIP):
        return None
    if found := alone(data, file.label):
        # Here, and not where it is first asked for: hashing lets the other threads work.
        _ = found.sha256
    return found


def _in_open(opened: BinaryIO, file: _File) -> Iterator[Found]:
    start = opened.read(4)
    opened.seek(0)
    if start in ZIP:
        return archives.members(opened, file.size, file.label)
    return recognise(opened, file.label)


def _opened(file: _File) -> BinaryIO:
    if file.path is None:
        return io.BytesIO(file.data)
    # Never waits: a pipe that took the file's place since would otherwise hold the import for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    opened = os.fdopen(os.open(file.path, flags), "rb", buffering=0)
    if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
        opened.close()
        raise OSError(0, "not a file")
    return opened


def _walked(sources: tuple[Source, ...], stop: Callable[[], bool]) -> Iterator[_File]:
    """The files that are meant, in order: those of a folder by name, links in it not followed."""
    for source in sources:
        if isinstance(source, Pasted):
            yield _File(shown(source.label), len(source.data), data=source.data)
        elif source.is_dir():
            yield from _in_folder(source, stop)
        else:
            yield _file(source, source.name, follow=True)


def _in_folder(folder: Path, stop: Callable[[], bool]) -> Iterator[_File]:
    closed: list[OSError] = []
    # Without an end of its own: `.` has no name.
    name = folder.resolve().name or str(folder)
    for parent, folders, files in os.walk(folder, onerror=closed.append):
        folders.sort()
        for file in sorted(files):
            path = Path(parent) / file
            yield _file(path, f"{name}/{path.relative_to(folder).as_posix()}", follow=False)
        if stop():
            return
    for error in closed:
        yield _File(shown(f"{name}/{os.path.relpath(error.filename, folder)}"), problem="folder_closed")


def _file(path: Path, label: str, *, follow: bool) -> _File:
    label = shown(label)
    try:
        told = path.stat(follow_symlinks=follow)
    except OSError:
        return _File(label, problem="no_file")
    if stat.S_ISLNK(told.st_mode):
        return _File(label, problem="link")
    if not stat.S_ISREG(told.st_mode):
        return _File(label, problem="not_a_file")
    return _File(label, told.st_size, path)
