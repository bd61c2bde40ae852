"""The first run, the locked vault and the empty desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk.preferences.field import SECRET_HINTS, Kind, Line, Remark
from faceid_review.desk.preferences.page import Column, Strip
from faceid_review.desk.preferences.wish import AccountLine, AccountWish
from faceid_review.desk.welcome import passphrase
from faceid_review.desk.welcome.empty import EmptyDesk
from faceid_review.desk.welcome.pane import WelcomePage, Wish
from faceid_review.desk.welcome.unlock import KeyringTrouble, UnlockPage
from faceid_review.faceid.client import base_url_problem
from faceid_review.i18n import Words, words

Part = TypeVar("Part", bound=QWidget)
Page = TypeVar("Page", bound=Column)
EN, ZH = words("en"), words("zh")
PHRASE = "seven wet umbrellas"
SECRET = "s3+cr/et=&%密钥"
ACCOUNT = AccountLine("prod", "https://api.megvii.com", "8f3c…41d0", "GNOME Keyring")


def shown(qtbot: QtBot, page: Page) -> Page:
    qtbot.addWidget(page)
    page.resize(1164, 800)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


@pytest.fixture
def page(qtbot: QtBot) -> WelcomePage:
    page = shown(qtbot, WelcomePage(EN, base_url_problem))
    page.keyring_state(True, "GNOME Keyring")
    return page


@pytest.fixture
def locked(qtbot: QtBot) -> UnlockPage:
    return shown(qtbot, UnlockPage(EN))


@pytest.fixture
def desk(qtbot: QtBot) -> EmptyDesk:
    return shown(qtbot, EmptyDesk(EN, base_url_problem))


def part(page: QWidget, kind: type[Part], name: str) -> Part:
    found = page.findChild(kind, name)
    assert found is not None
    return found


def line(page: QWidget, name: str) -> Line:
    return part(page, Line, name)


def button(page: QWidget, name: str) -> QPushButton:
    return part(page, QPushButton, name)


def eye(page: QWidget, name: str) -> QAbstractButton:
    return part(page, QAbstractButton, f"{name}_eye")


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def remark(page: QWidget, name: str) -> str:
    found = part(page, Remark, f"{name}_remark")
    return found.text if found.isVisibleTo(page) else ""


def strip(page: QWidget, name: str) -> str:
    found = part(page, Strip, name)
    return found.accessibleName() if found.isVisibleTo(page) else ""


def read(page: QWidget) -> list[str]:
    """Every text that can be read on the page."""
    return [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)]


def said(page: QWidget) -> list[str]:
    """Every text that can be read on the page or heard from it."""
    texts = read(page)
    for widget in page.findChildren(QWidget):
        texts += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
    return texts


def press(key: Qt.Key) -> None:
    QTest.keyClick(focused(), key)


def type_in(text: str) -> None:
    QTest.keyClicks(focused(), text)


def fill(page: WelcomePage, again: str = PHRASE) -> None:
    line(page, "reviewer").setText("Lin Yue")
    line(page, "passphrase").setText(PHRASE)
    line(page, "passphrase_again").setText(again)


def fill_account(page: QWidget) -> None:
    line(page, "name").setText("prod")
    line(page, "api_key").setText("key")
    line(page, "api_secret").setText(SECRET)


def wishes(page: WelcomePage) -> list[Wish]:
    heard: list[Wish] = []
    page.make_wanted.connect(heard.append)
    return heard


# ---- the passphrase


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("elevenchars", "short"),
        ("twelve chars", None),
        ("十二个汉字也足够做一个口令", None),
        (" twelve chars", "edges"),
        ("twelve chars\n", "edges"),
        ("twelve\tchars.", "invisible"),
        ("", "short"),
    ],
)
def test_what_a_passphrase_must_be(text: str, problem: str | None) -> None:
    assert passphrase.problem(text) == problem


def test_a_suggested_passphrase_can_be_written_by_hand_and_is_never_the_same() -> None:
    made = {passphrase.suggested() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([2-9a-hjkmnp-z]{4}-){4}[2-9a-hjkmnp-z]{4}", one) for one in made)
    assert not [one for one in made if passphrase.problem(one)]


# ---- the first run


def test_a_vault_is_wished_with_the_keyboard_alone(page: WelcomePage) -> None:
    heard = wishes(page)
    page.setFocus()
    type_in("Lin Yue")
    press(Qt.Key.Key_Tab)
    type_in(PHRASE)
    for _ in range(3):  # the eye, the suggestion, the second field
        press(Qt.Key.Key_Tab)
    type_in(PHRASE)
    press(Qt.Key.Key_Return)
    assert heard == [Wish("Lin Yue", PHRASE, None)]


def test_tab_goes_from_the_top_to_the_foot_and_round(page: WelcomePage) -> None:
    fill(page)
    page.setFocus()
    seen: list[str] = []
    while not seen or focused() is not line(page, "reviewer"):
        seen.append(focused().objectName())
        press(Qt.Key.Key_Tab)
        assert len(seen) < 30
    assert seen == [
        *("reviewer", "passphrase", "passphrase_eye", "suggest", "passphrase_again", "passphrase_again_eye"),
        *("name", "api_key", "api_secret", "api_secret_eye", "product", "base_url"),
        *("make_vault", "open_practice"),
    ]


def test_the_account_goes_with_the_wish(page: WelcomePage) -> None:
    heard = wishes(page)
    fill(page)
    fill_account(page)
    line(page, "reviewer").setText("  Lin Yue ")
    line(page, "api_secret").setText(f" {SECRET}\n")
    assert button(page, "make_vault").isEnabled()
    button(page, "make_vault").click()
    assert heard == [Wish("Lin Yue", PHRASE, AccountWish("prod", "https://api.megvii.com", "key", SECRET))]
    assert PHRASE not in repr(heard)
    assert SECRET not in repr(heard)


def test_half_an_account_is_no_account(page: WelcomePage) -> None:
    heard = wishes(page)
    fill(page)
    assert EN("welcome.account_later") in read(page)
    line(page, "api_key").setText("key")
    assert not button(page, "make_vault").isEnabled()
    QTest.keyClick(line(page, "reviewer"), Qt.Key.Key_Return)
    assert not heard
    assert focused() is line(page, "name")
    assert remark(page, "api_secret") == EN("accounts.needed")
    line(page, "api_key").setText("")
    assert button(page, "make_vault").isEnabled()


def test_enter_says_all_that_is_missing_and_leads_to_the_first(page: WelcomePage) -> None:
    heard = wishes(page)
    QTest.keyClick(line(page, "passphrase_again"), Qt.Key.Key_Return)
    assert not heard
    assert focused() is line(page, "reviewer")
    for name in ("reviewer", "passphrase", "passphrase_again"):
        assert remark(page, name) == EN("accounts.needed")
        assert EN("accounts.needed") in line(page, name).accessibleDescription()
    why = "needs your name, a passphrase and the passphrase once more"
    assert why in read(page)
    assert button(page, "make_vault").accessibleDescription() == why


@pytest.mark.parametrize("again", ["seven wet umbrella", "Seven wet umbrellas", "seven wet umbrellas "])
def test_a_passphrase_typed_otherwise_the_second_time_makes_no_vault(page: WelcomePage, again: str) -> None:
    heard = wishes(page)
    fill(page, again)
    assert not button(page, "make_vault").isEnabled()
    QTest.keyClick(line(page, "passphrase_again"), Qt.Key.Key_Return)
    assert not heard
    assert remark(page, "passphrase_again") == EN("welcome.not_the_same")
    line(page, "passphrase_again").setText(PHRASE)
    assert remark(page, "passphrase_again") == EN("welcome.the_same")
    line(page, "passphrase").setText(PHRASE + "!")
    assert not remark(page, "passphrase_again")
    assert not button(page, "make_vault").isEnabled()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("elevenchars", EN("welcome.short", shortest=12, typed=11)),
        (" twelve chars", EN("welcome.edges")),
        ("twelve\tchars.", EN("accounts.invisible")),
    ],
)
def test_a_passphrase_that_will_not_do_is_refused_in_words(
    page: WelcomePage, typed: str, sentence: str
) -> None:
    heard = wishes(page)
    fill(page, typed)
    line(page, "passphrase").setText(typed)
    QTest.keyClick(line(page, "passphrase_again"), Qt.Key.Key_Return)
    assert not heard
    assert remark(page, "passphrase") == sentence
    assert not [text for text in said(page) if typed in text]


def test_a_suggestion_is_shown_and_must_still_be_typed(page: WelcomePage) -> None:
    fill(page)
    button(page, "suggest").setFocus()
    press(Qt.Key.Key_Return)
    assert not passphrase.problem(line(page, "passphrase").text())
    assert line(page, "passphrase").displayText() == line(page, "passphrase").text() != PHRASE
    assert remark(page, "passphrase") == EN("welcome.write_down")
    assert focused() is line(page, "passphrase_again")
    assert not line(page, "passphrase_again").text()
    assert not button(page, "make_vault").isEnabled()
    type_in(line(page, "passphrase").text())
    assert button(page, "make_vault").isEnabled()


def test_it_waits_in_words_and_sends_once(page: WelcomePage) -> None:
    heard = wishes(page)
    fill(page)
    eye(page, "passphrase").setChecked(True)
    button(page, "make_vault").click()
    assert strip(page, "progress") == f"{EN('welcome.waiting')} {EN('welcome.dialog_hint')}"
    assert line(page, "passphrase").echoMode() == QLineEdit.EchoMode.Password
    line(page, "reviewer").returnPressed.emit()
    button(page, "make_vault").click()
    assert len(heard) == 1
    page.busy("Making the vault…")
    assert strip(page, "progress").startswith("Making the vault…")
    page.failed("The keyring was not unlocked.")
    assert strip(page, "progress") == "The keyring was not unlocked."
    button(page, "make_vault").click()
    assert len(heard) == 2


def test_a_failure_stands_beside_its_field(page: WelcomePage) -> None:
    fill(page)
    fill_account(page)
    for name in ("reviewer", "passphrase", "passphrase_again", "name", "api_key", "api_secret", "base_url"):
        button(page, "make_vault").click()
        page.failed(f"about {name}", name)
        assert remark(page, name) == f"about {name}"
        assert focused() is line(page, name)
        assert not strip(page, "progress")
        line(page, name).textChanged.emit("")
        assert not remark(page, name) or remark(page, name) == EN("welcome.the_same")
    assert line(page, "passphrase").text() == PHRASE


def test_without_a_keyring_the_passphrase_is_said_to_be_the_only_key(page: WelcomePage) -> None:
    assert EN("welcome.key_place", name="GNOME Keyring") in read(page)
    assert not strip(page, "no_keyring")
    page.keyring_state(False, "", "No Secret Service answers.")
    assert strip(page, "no_keyring") == (
        f"{EN('welcome.no_keyring')} No Secret Service answers. {EN('welcome.passphrase_alone')}"
    )
    assert EN("accounts.secret_to_vault") in read(page)
    assert not [text for text in read(page) if "GNOME" in text]
    fill(page)
    button(page, "make_vault").click()
    assert strip(page, "progress") == EN("welcome.making")


@pytest.mark.parametrize("gone", ["done", "hide"])
def test_no_secret_is_left_once_the_page_is_done_or_gone(page: WelcomePage, gone: str) -> None:
    secrets = ("passphrase", "passphrase_again", "api_secret")
    for name in secrets:
        QTest.keyClicks(line(page, name), "typed by hand")
        eye(page, name).setChecked(True)
    getattr(page, gone)()
    for name in secrets:
        assert line(page, name).echoMode() == QLineEdit.EchoMode.Password
        line(page, name).setEchoMode(QLineEdit.EchoMode.Normal)
        line(page, name).undo()
        line(page, name).redo()
        assert not line(page, name).text()


def test_no_keyboard_learns_a_secret(page: WelcomePage) -> None:
    for name in ("passphrase", "passphrase_again", "api_secret"):
        for _ in range(2):
            assert line(page, name).inputMethodHints() & SECRET_HINTS == SECRET_HINTS
            eye(page, name).setChecked(True)


def test_the_practice_vault_is_one_key_away(page: WelcomePage, qtbot: QtBot) -> None:
    button(page, "open_practice").setFocus()
    with qtbot.waitSignal(page.practice_wanted):
        press(Qt.Key.Key_Return)


def test_the_first_run_changes_its_language_with_everything_on_it(page: WelcomePage) -> None:
    fill(page, "another one")
    line(page, "api_key").setText("key")
    QTest.keyClick(line(page, "passphrase_again"), Qt.Key.Key_Return)
    page.speak(ZH)
    assert remark(page, "passphrase_again") == ZH("welcome.not_the_same")
    assert remark(page, "name") == ZH("accounts.needed")
    assert not [text for text in said(page) if re.fullmatch(r"[a-z_]+\.[a-z_]+", text)]
    page.speak(EN)
    assert not [text for text in said(page) if re.search(r"[\u3000-\u9fff]", text)]


# ---- the locked vault


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("trouble", "names"),
    [
        (KeyringTrouble.ABSENT, ()),
        (KeyringTrouble.LOCKED, ("GNOME Keyring",)),
        (KeyringTrouble.FAILED, ("GNOME Keyring",)),
        (KeyringTrouble.CHANGED, ("GNOME Keyring", "KWallet")),
        (KeyringTrouble.NEVER, ()),
    ],
)
def test_a_locked_vault_says_what_is_wrong_with_the_keyring(
    locked: UnlockPage, trouble: KeyringTrouble, names: tuple[str, ...], lang: str
) -> None:
    locked.speak(words(lang))
    locked.show_trouble(trouble, "GNOME Keyring", "KWallet", "(why)")
    told = strip(locked, "keyring_trouble")
    assert words(lang)(f"unlock.{trouble}_about", was="KWallet") in told
    assert [name for name in ("GNOME Keyring", "KWallet") if name in told] == list(names)
    assert "(why)" in told
    assert button(locked, "retry_keyring").isVisibleTo(locked) is (trouble is not KeyringTrouble.NEVER)


def test_an_empty_keyring_that_is_another_one_is_said_to_be_another_one(locked: UnlockPage) -> None:
    locked.show_trouble(KeyringTrouble.EMPTY, "GNOME Keyring", "GNOME Keyring")
    assert EN("unlock.empty", name="GNOME Keyring") in read(locked)
    locked.show_trouble(KeyringTrouble.EMPTY, "GNOME Keyring", "KWallet")
    assert EN("unlock.changed", name="GNOME Keyring", was="KWallet") in read(locked)
    locked.show_trouble(KeyringTrouble.LOCKED)
    assert EN("unlock.locked", name=EN("unlock.keyring")) in read(locked)


def test_the_passphrase_opens_the_vault_as_it_was_typed(locked: UnlockPage) -> None:
    heard: list[str] = []
    locked.unlock_wanted.connect(heard.append)
    locked.setFocus()
    press(Qt.Key.Key_Return)
    assert not heard
    type_in(" spaces count ")
    press(Qt.Key.Key_Return)
    assert heard == [" spaces count "]
    locked.busy("Opening…")
    assert strip(locked, "progress").startswith("Opening…")
    line(locked, "passphrase").returnPressed.emit()
    assert len(heard) == 1
    locked.failed("The passphrase does not open this vault.")
    assert remark(locked, "passphrase") == "The passphrase does not open this vault."
    assert focused() is line(locked, "passphrase")
    type_in("another")
    assert not remark(locked, "passphrase")
    press(Qt.Key.Key_Return)
    assert heard[1:] == ["another"]
    locked.done()
    line(locked, "passphrase").setEchoMode(QLineEdit.EchoMode.Normal)
    line(locked, "passphrase").undo()
    assert not line(locked, "passphrase").text()


def test_the_keyring_can_be_tried_again(locked: UnlockPage, qtbot: QtBot) -> None:
    line(locked, "passphrase").setText("half typed")
    button(locked, "retry_keyring").setFocus()
    with qtbot.waitSignal(locked.retry_wanted):
        press(Qt.Key.Key_Return)
    locked.hide()
    assert not line(locked, "passphrase").text()


# ---- the empty desk


def test_an_empty_desk_without_an_account_asks_for_one(desk: EmptyDesk) -> None:
    heard: list[AccountWish] = []
    desk.add_wanted.connect(heard.append)
    assert EN("empty.title_account") in read(desk)
    assert EN("empty.once") in read(desk)
    assert not button(desk, "first_fetch").isVisibleTo(desk)
    desk.setFocus()
    QTest.keyClick(line(desk, "name"), Qt.Key.Key_Return)
    assert not heard
    fill_account(desk)
    QTest.keyClick(line(desk, "name"), Qt.Key.Key_Return)
    assert heard == [AccountWish("prod", "https://api.megvii.com", "key", SECRET)]
    desk.busy("Waiting for your keyring…")
    assert strip(desk, "progress") == "Waiting for your keyring…"
    desk.failed("The keyring was not unlocked.")
    assert strip(desk, "progress") == "The keyring was not unlocked."
    desk.failed("Too long.", "api_secret")
    assert remark(desk, "api_secret") == "Too long."
    desk.done()
    assert not line(desk, "api_secret").text()
    assert not line(desk, "name").text()


def test_with_an_account_the_door_leads_to_the_fetch_page(desk: EmptyDesk, qtbot: QtBot) -> None:
    line(desk, "name").setFocus()
    desk.show_accounts([ACCOUNT])
    assert focused() is button(desk, "first_fetch")
    assert not line(desk, "name").isVisibleTo(desk)
    assert EN("empty.account", name="prod", start="8f3c…41d0", address="https://api.megvii.com") in read(desk)
    with qtbot.waitSignal(desk.fetch_wanted):
        press(Qt.Key.Key_Return)
    with qtbot.waitSignal(desk.accounts_wanted):
        button(desk, "manage_accounts").click()
    desk.show_accounts([])
    assert line(desk, "name").isVisibleTo(desk)


def test_the_only_account_is_checked_from_here(desk: EmptyDesk) -> None:
    heard: list[str] = []
    desk.check_wanted.connect(heard.append)
    desk.show_accounts([ACCOUNT])
    assert EN("accounts.check_about") in read(desk)
    button(desk, "check_account").click()
    assert heard == ["prod"]
    answer = part(desk, Remark, "checked")
    assert answer.text == EN("accounts.checking")
    desk.checked("other", True, "not this one")
    desk.checked("prod", False, "AUTHENTICATION_ERROR")
    desk.show_accounts([ACCOUNT])
    assert (answer.text, answer.kind) == ("AUTHENTICATION_ERROR", Kind.STOP)
    desk.show_accounts([ACCOUNT, AccountLine("second", "https://api.megvii.com", "k")])
    assert not button(desk, "check_account").isVisibleTo(desk)
    assert EN("empty.accounts_several", n=2) in read(desk)


def test_the_way_into_the_practice_vault_is_not_offered_inside_it(desk: EmptyDesk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.practice_wanted):
        button(desk, "open_practice").click()
    desk.offer_practice(False)
    assert not button(desk, "open_practice").isVisibleTo(desk)


# ---- all three


def pages(speaks: Words) -> list[Column]:
    empty = EmptyDesk(speaks, base_url_problem)
    empty.show_accounts([ACCOUNT])
    first, closed = WelcomePage(speaks, base_url_problem), UnlockPage(speaks)
    first.keyring_state(False, "", "No Secret Service answers.")
    return [first, closed, EmptyDesk(speaks, base_url_problem), empty]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_control_has_a_name_of_its_own(qtbot: QtBot, lang: str) -> None:
    for page in pages(words(lang)):
        qtbot.addWidget(page)
        controls = [w for w in page.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
        assert len(controls) >= 4
        assert not [w.objectName() for w in controls if not w.objectName() or not w.accessibleName()]
        assert len({w.objectName() for w in controls}) == len(controls)
        assert page.accessibleName()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_text_is_a_sentence_and_plain(qtbot: QtBot, lang: str) -> None:
    for page in pages(words(lang)):
        qtbot.addWidget(page)
        assert not [text for text in said(page) if re.fullmatch(r"[a-z_]+\.[a-z_]+", text) or "{" in text]
        formats = {label.textFormat() for label in page.findChildren(QLabel)}
        assert formats == {Qt.TextFormat.PlainText}


@pytest.fixture
def doubled(qapp: QApplication) -> Iterator[None]:
    before = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(before.pointSizeF() * 2)
    qapp.setFont(larger)
    yield
    qapp.setFont(before)


@pytest.mark.usefixtures("doubled")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_twice_the_text_is_scrolled_and_never_cut(qtbot: QtBot, lang: str) -> None:
    for page in pages(words(lang)):
        shown(qtbot, page)
        page.resize(980, 560)
        qtbot.waitUntil(partial(whole, page))


def whole(page: Column) -> bool:
    """Whether the page is as wide as the window shows, and every wrapped text has the room that it needs."""
    column = page.widget()
    assert column is not None
    wrapped = [label for label in page.findChildren(QLabel) if label.isVisible() and label.wordWrap()]
    assert wrapped
    tall_enough = all(label.heightForWidth(label.width()) <= label.height() for label in wrapped)
    return tall_enough and column.width() == page.viewport().width()
