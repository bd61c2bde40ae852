"""How long looking takes:  python -m tests.bench.photos

Pan and zoom of a picture of 4096 pixels, a kept case from its opening to its first picture on the screen, and
what 200 cases one after another leave in memory. Shown and never asserted, as in the other benchmarks.
"""

import base64
import io
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QPointF, QTimer
from PySide6.QtWidgets import QApplication

from faceid_review.desk import application, theme
from faceid_review.desk.desk import Desk
from faceid_review.desk.photos.compare import Compare, Mode
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.window import Window
from faceid_review.faceid.photograph import Pixels
from faceid_review.faceid.result import VerificationResult
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.session import DeskOptions
from tests.bench.__main__ import Rows, clocked, until

SIDE = 4096
SIZES = ((776, 560), (1500, 850))
ROLES = ("image_best", "image_action1", "image_action2", "image_action3")
CASES, WARM = 220, 20


def moving(rows: Rows) -> None:
    """Every step of a pan and of a zoom, its paint included, in every way of comparing."""
    pixels = random.Random(1).randbytes(3 * SIDE * 512) * (SIDE // 512)
    took: list[Picture] = []
    made = [
        clocked(lambda: took.append(Picture.of(Pixels(SIDE, SIDE, pixels, turned=False)))) for _ in range(2)
    ]
    rows.append((f"picture of {SIDE} px made ready, off the window's thread", made, ""))
    for width, height in SIZES:
        compare = Compare()
        compare.resize(width, height)
        compare.show()
        rest(50)
        for side in compare.sides:
            side.overlays.append(counted)
        for at, picture in enumerate(took):
            compare.show_picture(at, picture, str(at))
        for mode in (Mode.ONE, Mode.COMPARE, Mode.OVERLAY, Mode.SWIPE):
            compare.set_mode(mode)
            compare.side.fit()
            rest(200)
            name = f"{mode.value}, {width} x {height}"
            rows.append((f"zoom step, {name}", zoomed(compare), "16"))
            rows.append((f"pan step, {name}", panned(compare), "16"))
        compare.close()


def zoomed(compare: Compare) -> list[float]:
    """From 5 to 1600 % and back about a point, as by the wheel."""
    at = QPointF(compare.side.width() * 0.4, compare.side.height() * 0.6)
    compare.side.zoom_to(0.05, at)
    steps = [1.09] * 70 + [1 / 1.09] * 70
    return [frame(compare, partial(compare.side.zoom_by, step, at)) for step in steps]


def panned(compare: Compare) -> list[float]:
    """At several scales, by 24 px."""
    figures = []
    for scale in (0.17, 0.4, 0.77, 1.0, 1.5, 4.0):
        compare.side.zoom_to(scale)
        figures += [frame(compare, partial(compare.side.pan, 24 * (-1) ** (n // 10), 7)) for n in range(20)]
    return figures


PAINTS = [0]


def counted(*_: object) -> None:
    """One paint more."""
    PAINTS[0] += 1


def frame(compare: Compare, move: Callable[[], None]) -> float:
    """Milliseconds of one step until all it changes is painted: of this thread's work, since others run too."""
    before = PAINTS[0]
    start = time.thread_time()
    move()
    painted(compare)
    took = (time.thread_time() - start) * 1000
    assert PAINTS[0] > before, "nothing was painted"
    return took


def painted(compare: Compare) -> None:
    """Paint now what the event loop would paint at once."""
    for side in compare.sides:
        if side.isVisible():
            side.viewport().repaint()


def face(seed: int) -> bytes:
    """A JPEG of 480 x 640 with soft shapes, unlike every other one, of about 60 kB."""
    source = random.Random(seed)
    soft = Image.frombytes("RGB", (60, 80), source.randbytes(3 * 60 * 80)).resize((480, 640))
    file = io.BytesIO()
    soft.save(file, "JPEG", quality=92)
    return file.getvalue()


def body(number: int) -> bytes:
    """An answer with four pictures of its own."""
    pictures = ",".join(
        f'"{role}": "data:image/jpeg;base64,{base64.b64encode(face(4 * number + n)).decode()}"'
        for n, role in enumerate(ROLES)
    )
    return f'{{"images": {{{pictures}}}, "liveness_result": {{"result": "success"}}}}'.encode()


def opening(rows: Rows, folder: Path) -> None:
    """A window, a vault with many cases, and one case after the other."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.dress(app)
    theme.choose(app, "light")
    with Simulator(ids=CASES) as simulator:
        for number, biz_id in enumerate(simulator.ids):
            simulator.behave(biz_id, Behaviour.answer(body(number)))
        window = application.build(DeskOptions(folder / "practice", "en", "practice", simulator), "en")
        window.resize(1440, 900)
        window.show()
        desk = window.findChild(Desk)
        assert desk is not None
        until(window.fetch.fetch_action.isEnabled)
        window.fetch.fetch_action.trigger()
        until(lambda: len(simulator.requests) == CASES and not desk.busy)
        first, busy, opened, memory = stepped(window, desk, simulator.ids)
        bare = [clocked(partial(decode, face(n))) for n in range(100)]
        window.close()
    rows.append(("bare decode of one picture, 480 x 640", bare, ""))
    rows.append(("case opened and read, without its pictures", opened, ""))
    rows.append(("kept case opened to its first picture painted", first[WARM:], "50"))
    rows.append(("  the same in processor time of the whole process", busy[WARM:], ""))
    ratio = statistics.median(first[WARM:]) / statistics.median(bare)
    print(f"first picture / bare decode of one: {ratio:.1f}; of four: {ratio / 4:.1f} (promised 4)")
    grown = max(memory[WARM:]) - memory[WARM]
    print(
        f"memory after {WARM} cases {memory[WARM]:.0f} MB, most of the next {CASES - WARM}: {grown:+.1f} MB"
    )


def stepped(window: Window, desk: Desk, ids: Sequence[str]) -> tuple[list[float], ...]:
    """Open every case in turn: to its first picture painted, to its values, and the memory after each."""
    work = desk.work
    assert work is not None
    first: list[float] = []
    busy: list[float] = []
    opened: list[float] = []
    memory: list[float] = []
    start = [0.0, 0.0]
    done = [True]

    def shown(role: str, *_: object) -> None:
        side = window.case.photos.side
        if role == "image_best" and side.picture is not None:
            # Painted here and now, instead of when the event loop comes to it.
            side.viewport().repaint()
            first.append((time.perf_counter() - start[0]) * 1000)
            busy.append((time.process_time() - start[1]) * 1000)

    def all_shown() -> None:
        done[0] = True

    work.picture_read.connect(shown)
    work.case_opened.connect(lambda _: opened.append((time.perf_counter() - start[0]) * 1000))
    window.case.pictures_shown.connect(all_shown)
    for biz_id in ids:
        done[0] = False
        start[:] = time.perf_counter(), time.process_time()
        window.queue.open_wanted.emit(biz_id)
        until(lambda: done[0])
        # A reviewer looks for a moment; meanwhile the verdict is laid out.
        rest(100)
        memory.append(resident())
    return first, busy, opened, memory


def rest(ms: int) -> None:
    """Let the window do what it has to, for so long."""
    over: list[bool] = []
    QTimer.singleShot(ms, partial(over.append, True))
    until(lambda: bool(over))


def decode(jpeg: bytes) -> object:
    """As little as can be done to have the pixels."""
    return Image.open(io.BytesIO(jpeg)).load()


def resident() -> float:
    """What this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> int:
    """Measure and print a table."""
    _app = QApplication.instance() or QApplication([])
    assert VerificationResult.read(body(0)).photographs
    rows: Rows = []
    moving(rows)
    with tempfile.TemporaryDirectory() as folder:
        opening(rows, Path(folder))
    print(f"{'ms':56}{'p50':>9}{'p99':>9}{'max':>9}{'n':>6}  promised")
    for name, figures, most in rows:
        ordered = sorted(figures)
        p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
        print(
            f"{name:56}{statistics.median(ordered):9.1f}{p99:9.1f}{ordered[-1]:9.1f}{len(ordered):6}  {most}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
