"""The illustrated people: the same for the same seed, and different where a reviewer must see a difference."""

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from faceid_review.faceid.portraits import HEIGHT, POSES, STYLES, WIDTH, Person, portrait
from faceid_review.faceid.portraits.stance import Stance

PEOPLE = [Person.drawn_from(f"test/{number}") for number in range(4)]
EYES = (170, 264, 310, 304)
MOUTH = (190, 345, 290, 460)


def _picture(person: Person, pose: str, seed: str = "moment") -> Image.Image:
    return Image.open(io.BytesIO(portrait(person, pose, seed=seed)), formats=["JPEG"]).convert("L")


def _difference(one: Image.Image, other: Image.Image, box: tuple[int, int, int, int]) -> float:
    return ImageStat.Stat(ImageChops.difference(one.crop(box), other.crop(box))).mean[0]


@pytest.mark.parametrize("pose", POSES)
def test_is_a_whole_jpeg_of_a_webcam_size(pose: str) -> None:
    jpeg = portrait(PEOPLE[0], pose, seed="moment")
    assert jpeg.startswith(b"\xff\xd8")
    assert jpeg.endswith(b"\xff\xd9")
    assert 50_000 < len(jpeg) < 180_000
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        image.load()
        assert (image.size, image.mode) == ((WIDTH, HEIGHT), "RGB")
    assert (WIDTH, HEIGHT) == (480, 640)


def test_same_seed_gives_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib; from faceid_review.faceid.portraits import Person, portrait;"
        "print(hashlib.sha256(portrait(Person.drawn_from('one'), 'M', seed='now')).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": number},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for number in ("1", "2")
    }
    assert found == {hashlib.sha256(portrait(Person.drawn_from("one"), "M", seed="now")).hexdigest()}


def test_each_moment_and_each_person_has_other_bytes() -> None:
    pictures = {portrait(person, "front", seed=seed) for person in PEOPLE for seed in ("a", "b")}
    assert len(pictures) == 2 * len(PEOPLE)


@pytest.mark.parametrize("person", PEOPLE)
def test_shut_eyes_change_the_eyes_and_an_open_mouth_the_mouth(person: Person) -> None:
    front, shut, opened = (_picture(person, pose) for pose in ("front", "E", "M"))
    assert _difference(front, shut, EYES) > 1.5 * _difference(front, shut, MOUTH)
    assert _difference(front, opened, MOUTH) > 1.5 * _difference(front, opened, EYES)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("pose", "PYLRUD")
def test_a_moved_head_changes_the_whole_face(person: Person, pose: str) -> None:
    front, moved = _picture(person, "front"), _picture(person, pose)
    noise = _difference(front, _picture(person, "front", "moment"), (0, 0, 60, 60))
    for part in (EYES, MOUTH):
        assert _difference(front, moved, part) > noise + 6


def test_heads_turn_the_way_the_letters_say() -> None:
    nose = {pose: Stance.of(pose, "any").on_head(0, 90, 25) for pose in POSES}
    front_x, front_y = nose["front"]
    assert nose["L"][0] > front_x + 30
    assert nose["R"][0] < front_x - 30
    assert abs(nose["Y"][0] - front_x) > 30
    assert nose["P"][1] > nose["D"][1] > front_y + 20
    assert nose["U"][1] < front_y - 20


def test_a_turned_head_keeps_its_person() -> None:
    # clothing lies below the head and does not turn with it
    shoulders = (120, 570, 360, 636)
    for person in PEOPLE:
        same = _difference(_picture(person, "front"), _picture(person, "P"), shoulders)
        others = [
            _difference(_picture(person, "front"), _picture(other, "front"), shoulders)
            for other in PEOPLE
            if other.cloth != person.cloth
        ]
        assert all(same < other for other in others)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_of_hair_can_be_drawn_in_extreme_poses(style: str) -> None:
    people = (Person.drawn_from(f"{style}/{number}") for number in range(1000))
    person = next(person for person in people if person.style == style)
    assert len({portrait(person, pose, seed="any") for pose in "LRPU"}) == 4


def test_people_come_from_their_seed() -> None:
    assert Person.drawn_from("one") == Person.drawn_from("one")
    assert len({Person.drawn_from(str(number)) for number in range(500)}) == 500
    assert len(STYLES) >= 6


def test_a_pose_that_does_not_exist_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        portrait(PEOPLE[0], "N", seed="moment")
