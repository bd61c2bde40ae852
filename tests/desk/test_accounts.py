"""The accounts page and the form of one account: what is refused in words, what is sent, what is never shown."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk.preferences.accounts import AccountLine, AccountsPage, AccountWish
from faceid_review.desk.preferences.field import SECRET_HINTS, Kind, Line, Remark, trimmed
from faceid_review.desk.preferences.page import Strip
from faceid_review.faceid.client import base_url_problem
from faceid_review.i18n import words

Part = TypeVar("Part", bound=QWidget)
EN, ZH = words("en"), words("zh")
SECRET = "s3+cr/et=&%密钥"
LINES = (
    AccountLine("prod", "https://api.megvii.com", "8f3c…41d0", "GNOME Keyring"),
    AccountLine("staging", "http://127.0.0.1:8791", "demo"),
)


@pytest.fixture
def page(qtbot: QtBot) -> AccountsPage:
    page = AccountsPage(EN, base_url_problem)
    qtbot.addWidget(page)
    page.show_accounts(LINES)
    page.resize(1164, 800)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


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
    found = part(page, Remark, name)
    return found.text if found.isVisibleTo(page) else ""


def fill(page: AccountsPage, name: str = "second", key: str = "key-2", secret: str = SECRET) -> None:
    line(page, "name").setText(name)
    line(page, "api_key").setText(key)
    line(page, "api_secret").setText(secret)


def said(page: QWidget) -> list[str]:
    """Every text that can be read on the page or heard from it."""
    texts = [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)]
    for widget in page.findChildren(QWidget):
        texts += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
    return texts


def wishes(page: AccountsPage) -> list[tuple[str, object]]:
    """What the page will have asked for."""
    heard: list[tuple[str, object]] = []
    page.add_wanted.connect(lambda wish: heard.append(("add", wish)))
    page.change_wanted.connect(lambda name, wish: heard.append((f"change {name}", wish)))
    page.remove_wanted.connect(lambda name: heard.append(("remove", name)))
    page.check_wanted.connect(lambda name: heard.append(("check", name)))
    page.close_wanted.connect(lambda: heard.append(("close", None)))
    return heard


# ---- the form


def test_an_account_is_added_with_the_keyboard_alone(page: AccountsPage) -> None:
    heard = wishes(page)
    page.setFocus()
    for typed in ("second", "key-2", "se+cret"):
        QTest.keyClicks(focused(), typed)
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    # The eye, the product, the address; Enter there sends the form.
    for _ in range(2):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is line(page, "base_url")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert heard == [("add", AccountWish("second", "https://api.megvii.com", "key-2", "se+cret"))]


def test_tab_goes_through_the_list_then_the_form_then_close(page: AccountsPage) -> None:
    fill(page)
    first = button(page, "check prod")
    first.setFocus()
    seen: list[str] = []
    while not seen or focused() is not first:
        seen.append(focused().objectName())
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        assert len(seen) < 30
    assert seen == [
        *(f"{act} {name}" for name in ("prod", "staging") for act in ("check", "change", "remove")),
        *("name", "api_key", "api_secret", "api_secret_eye", "product", "base_url"),
        *(
            "add_account",
            "policy_blind",
            "policy_covers_each_case",
            "policy_retention_days",
            "set_retention_days",
        ),
        *("policy_time_stamps", "set_time_stamps", "close_accounts"),
    ]


def test_blanks_round_what_was_pasted_are_left_out_and_that_is_said(page: AccountsPage) -> None:
    heard = wishes(page)
    fill(page, " second ", "\ufeffkey-2\r\n", f"\t{SECRET}\u200b ")
    assert remark(page, "api_secret_remark") == EN("accounts.trimmed")
    button(page, "add_account").click()
    assert heard == [("add", AccountWish("second", "https://api.megvii.com", "key-2", SECRET))]


@pytest.mark.parametrize("text", ["", " ", "\u3000a b\u00a0", "\ufeff\u200bx\n", "x"])
def test_trimming_takes_nothing_from_the_middle(text: str) -> None:
    assert trimmed(text) == text.strip().strip("\ufeff\u200b").strip()


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://api.megvii.com", "url_not_https"),
        ("http://127.0.0.1.example.com", "url_not_https"),
        ("https://user:word@api.megvii.com", "url_has_userinfo"),
        ("https://api.megvii.com?api_key=x", "url_malformed"),
        ("ftp://api.megvii.com", "url_malformed"),
        ("api.megvii.com", "url_malformed"),
        ("https://api.megvii.com", ""),
        ("http://127.8.9.10:8000", ""),
        ("http://[::1]:8000", ""),
        ("http://localhost:8000", ""),
    ],
)
def test_a_base_url_is_judged_in_words_beside_it(page: AccountsPage, address: str, problem: str) -> None:
    heard = wishes(page)
    fill(page)
    line(page, "base_url").setText(address)
    line(page, "base_url").setFocus()
    QTest.keyClick(line(page, "base_url"), Qt.Key.Key_Return)
    assert remark(page, "base_url_remark") == (EN(f"error.{problem}") if problem else "")
    assert [act for act, _ in heard] == ([] if problem else ["add"])
    assert button(page, "add_account").isEnabled() is not bool(problem)


def test_enter_with_something_missing_leads_to_it_and_says_so(page: AccountsPage) -> None:
    heard = wishes(page)
    line(page, "name").setText("second")
    QTest.keyClick(line(page, "name"), Qt.Key.Key_Return)
    assert not heard
    assert focused() is line(page, "api_key")
    assert remark(page, "api_key_remark") == remark(page, "api_secret_remark") == EN("accounts.needed")
    assert EN("accounts.needed") in line(page, "api_key").accessibleDescription()
    assert not button(page, "add_account").isEnabled()
    assert button(page, "add_account").accessibleDescription() == "needs api_key and api_secret"


@pytest.mark.parametrize("name", ["prod", "PROD", " Prod "])
def test_a_name_is_given_once(page: AccountsPage, name: str) -> None:
    heard = wishes(page)
    fill(page, name)
    QTest.keyClick(line(page, "name"), Qt.Key.Key_Return)
    assert not heard
    assert remark(page, "name_remark") == EN("accounts.name_taken", name=name.strip())
    line(page, "name").setText("another")
    assert not remark(page, "name_remark")
    assert button(page, "add_account").isEnabled()


@pytest.mark.parametrize(
    ("field", "text"), [("name", "a\nb"), ("api_key", "a\u200bb"), ("api_secret", "a\nb")]
)
def test_invisible_characters_inside_are_refused(page: AccountsPage, field: str, text: str) -> None:
    heard = wishes(page)
    fill(page)
    line(page, field).setText(text)
    QTest.keyClick(line(page, field), Qt.Key.Key_Return)
    assert not heard
    assert remark(page, f"{field}_remark") == EN("accounts.invisible")


# ---- a secret


def test_a_secret_is_in_no_repr_and_in_no_text_of_the_page(page: AccountsPage) -> None:
    heard = wishes(page)
    fill(page)
    button(page, "add_account").click()
    (_, wish) = heard[0]
    assert isinstance(wish, AccountWish)
    assert wish.api_secret == SECRET
    assert SECRET not in repr(wish)
    assert SECRET not in str([wish])
    assert not [text for text in said(page) if SECRET in text]


def test_nothing_of_a_secret_is_left_once_it_was_kept(page: AccountsPage) -> None:
    fill(page)
    QTest.keyClicks(line(page, "api_secret"), "typed")
    button(page, "add_account").click()
    page.done()
    for field in page.findChildren(QLineEdit):
        field.setEchoMode(QLineEdit.EchoMode.Normal)
        field.undo()
        assert field.text() in ("", "https://api.megvii.com")
    assert EN("accounts.added") in said(page)


def test_nothing_of_a_secret_is_left_once_the_page_is_gone(page: AccountsPage) -> None:
    fill(page)
    eye(page, "api_secret").setChecked(True)
    page.hide()
    assert not line(page, "api_secret").text()
    assert line(page, "api_secret").echoMode() == QLineEdit.EchoMode.Password
    assert line(page, "name").text() == "second"


def test_a_failure_keeps_what_was_typed_and_stands_beside_its_field(page: AccountsPage) -> None:
    fill(page)
    button(page, "add_account").click()
    page.busy("Waiting for your keyring…")
    assert not line(page, "api_secret").isEnabled()
    page.failed("The keyring takes 1280 characters at most.", "api_secret")
    assert remark(page, "api_secret_remark") == "The keyring takes 1280 characters at most."
    assert line(page, "api_secret").text() == SECRET
    assert focused() is line(page, "api_secret")
    page.failed("The vault cannot be written.")
    assert "The vault cannot be written." in said(page)


def test_while_busy_enter_sends_nothing(page: AccountsPage) -> None:
    heard = wishes(page)
    fill(page)
    page.busy("Waiting for your keyring…")
    line(page, "name").returnPressed.emit()
    assert not heard
    assert not button(page, "add_account").isEnabled()


def test_a_shown_secret_is_neither_copied_nor_learnt(page: AccountsPage) -> None:
    clipboard = QApplication.clipboard()
    clipboard.setText("before")
    secret = line(page, "api_secret")
    secret.setText(SECRET)
    assert secret.inputMethodHints() & SECRET_HINTS == SECRET_HINTS
    shows = eye(page, "api_secret")
    assert shows.accessibleName() == EN("accounts.show_secret")
    shows.setFocus()
    QTest.keyClick(shows, Qt.Key.Key_Space)
    assert secret.displayText() == SECRET
    assert shows.accessibleName() == EN("accounts.hide_secret")
    assert secret.inputMethodHints() & SECRET_HINTS == SECRET_HINTS
    secret.setFocus()
    secret.selectAll()
    for key in (Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_Insert):
        QTest.keyClick(secret, key, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(secret, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert clipboard.text() == "before"
    assert secret.displayText() == secret.text() == SECRET
    QTest.keyClick(secret, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert secret.text() == "before"


# On X11 whatever is selected can be pasted with the middle button, and Ctrl+K and Ctrl+U cut.
ON_X11 = """
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QClipboard, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from faceid_review.desk.preferences.field import Line

app = QApplication([])
clipboard = app.clipboard()
assert clipboard.supportsSelection()
left, none, ctrl = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
for secret in (True, False):
    line = Line(secret=secret, exact=True)
    line.resize(400, 30)
    line.setText("s3cretword")
    if secret:
        line.show_text(True)
    line.show()
    assert QTest.qWaitForWindowExposed(line)
    line.setFocus()
    for mode in (QClipboard.Mode.Selection, QClipboard.Mode.Clipboard):
        clipboard.setText("before", mode)
    QTest.mousePress(line, left, none, QPoint(2, 15))
    far = QPointF(390, 15)
    drag = QMouseEvent(QMouseEvent.Type.MouseMove, far, line.mapToGlobal(far), Qt.MouseButton.NoButton, left, none)
    app.sendEvent(line, drag)
    QTest.mouseRelease(line, left, none, QPoint(390, 15))
    assert line.selectedText() == "s3cretword"
    print(clipboard.text(QClipboard.Mode.Selection))
    QTest.keyClick(line, Qt.Key.Key_A, ctrl)
    QTest.keyClick(line, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    print(clipboard.text(QClipboard.Mode.Selection))
    line.home(False)
    QTest.keyClick(line, Qt.Key.Key_K, ctrl)
    print(clipboard.text(QClipboard.Mode.Clipboard))
"""


@pytest.mark.xvfb
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 is Linux's")
def test_on_x11_no_selection_of_a_shown_secret_gets_out() -> None:
    environ = os.environ | {"QT_QPA_PLATFORM": "xcb", "PYTHONPATH": os.pathsep.join(sys.path)}
    asked = ["xvfb-run", "--auto-servernum", sys.executable, "-c", ON_X11]
    told = subprocess.run(asked, env=environ, capture_output=True, text=True, check=True).stdout.split()
    assert told[:3] == ["before"] * 3
    # A line that is no secret shows that the test would notice.
    assert told[3:] == ["s3cretword", "s3cretwor", "s3cretword"]


def test_the_menu_of_a_secret_offers_no_copy(page: AccountsPage) -> None:
    for name, copies in (("api_secret", False), ("api_key", True)):
        field = line(page, name)
        menu = field.menu()
        offered = {action.objectName() for action in menu.actions()}
        assert ("edit-copy" in offered, "edit-paste" in offered) == (copies, True)
        menu.deleteLater()


# ---- the list


def test_the_list_says_where_each_secret_lies(page: AccountsPage) -> None:
    texts = said(page)
    assert EN("accounts.line_keyring", start="8f3c…41d0", place="GNOME Keyring") in texts
    assert EN("accounts.line_vault", start="demo") in texts
    assert EN("accounts.check_about") in texts
    page.show_accounts(())
    assert EN("accounts.none") in said(page)
    assert not button(page, "check prod").isVisibleTo(page)


def test_removing_asks_within_the_page_and_esc_takes_it_back(page: AccountsPage) -> None:
    heard = wishes(page)
    button(page, "remove prod").setFocus()
    QTest.keyClick(button(page, "remove prod"), Qt.Key.Key_Return)
    assert EN("accounts.remove_ask", name="prod") in said(page)
    assert focused() is button(page, "keep prod")
    assert not heard
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert EN("accounts.remove_ask", name="prod") not in [
        label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)
    ]
    assert focused() is button(page, "remove prod")
    QTest.keyClick(button(page, "remove prod"), Qt.Key.Key_Space)
    button(page, "remove_now prod").click()
    assert heard == [("remove", "prod")]
    page.show_accounts(LINES[1:])
    page.done()
    assert EN("accounts.removed") in said(page)


def test_a_check_is_asked_for_by_name_and_answered_beside_it(page: AccountsPage) -> None:
    heard = wishes(page)
    button(page, "check staging").click()
    assert heard == [("check", "staging")]
    assert remark(page, "checked staging") == EN("accounts.checking")
    page.checked("staging", False, "AUTHENTICATION_ERROR")
    card = part(page, Remark, "checked staging")
    assert (card.text, card.kind) == ("AUTHENTICATION_ERROR", Kind.STOP)
    page.checked("staging", True, "accepted")
    assert (card.text, card.kind) == ("accepted", Kind.GOOD)
    assert not remark(page, "checked prod")
    page.checked("gone meanwhile", True, "accepted")
    page.show_accounts(LINES)
    assert remark(page, "checked staging") == "accepted"
    page.show_accounts([LINES[0], replace(LINES[1], key_start="other")])
    assert not remark(page, "checked staging")


def test_a_change_keeps_the_secret_unless_another_is_pasted(page: AccountsPage) -> None:
    heard = wishes(page)
    button(page, "change prod").click()
    assert (line(page, "name").text(), line(page, "api_secret").text()) == ("prod", "")
    assert "8f3c…41d0" in line(page, "api_key").placeholderText()
    line(page, "name").setText("production")
    QTest.keyClick(line(page, "name"), Qt.Key.Key_Return)
    assert heard == [("change prod", AccountWish("production", "https://api.megvii.com", "", ""))]
    page.done()
    assert EN("accounts.changed") in said(page)
    assert line(page, "base_url").text() == "https://api.megvii.com"
    assert button(page, "add_account").text() == EN("accounts.add")


@pytest.mark.parametrize(
    ("field", "text"), [("api_key", "another"), ("base_url", "https://elsewhere.example")]
)
def test_another_key_or_address_needs_its_secret_again(page: AccountsPage, field: str, text: str) -> None:
    heard = wishes(page)
    button(page, "change prod").click()
    line(page, field).setText(text)
    QTest.keyClick(line(page, field), Qt.Key.Key_Return)
    assert not heard
    assert remark(page, "api_secret_remark") == EN("accounts.secret_again")
    line(page, "api_secret").setText(SECRET)
    QTest.keyClick(line(page, "api_secret"), Qt.Key.Key_Return)
    assert [act for act, _ in heard] == ["change prod"]


def test_esc_ends_a_change_first_and_closes_then(page: AccountsPage) -> None:
    heard = wishes(page)
    button(page, "change prod").click()
    QTest.keyClick(line(page, "name"), Qt.Key.Key_Escape)
    assert not line(page, "name").text()
    assert not heard
    QTest.keyClick(line(page, "name"), Qt.Key.Key_Escape)
    button(page, "close_accounts").click()
    assert heard == [("close", None), ("close", None)]


def test_an_account_that_goes_while_it_is_changed_leaves_the_form_empty(page: AccountsPage) -> None:
    heard = wishes(page)
    button(page, "change prod").click()
    page.show_accounts(LINES[1:])
    assert not line(page, "name").text()
    fill(page, "prod")
    button(page, "add_account").click()
    assert [act for act, _ in heard] == ["add"]


# ---- words and names


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_control_has_a_name_of_its_own(page: AccountsPage, lang: str) -> None:
    page.speak(words(lang))
    controls = [w for w in page.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert len(controls) == 26
    assert not [w.objectName() for w in controls if not w.objectName() or not w.accessibleName()]
    assert len({w.objectName() for w in controls}) == len(controls)
    product = part(page, QWidget, "product")
    assert product.accessibleDescription()
    assert [label for label in page.findChildren(QLabel) if label.buddy() is product]


def test_the_page_changes_its_language_with_everything_on_it(page: AccountsPage) -> None:
    line(page, "name").setText("PROD")
    line(page, "api_key").setText(" key ")
    QTest.keyClick(line(page, "name"), Qt.Key.Key_Return)
    button(page, "check prod").click()
    button(page, "remove staging").click()
    page.speak(ZH)
    assert remark(page, "name_remark") == ZH("accounts.name_taken", name="PROD")
    assert remark(page, "api_key_remark") == ZH("accounts.trimmed")
    assert remark(page, "checked prod") == ZH("accounts.checking")
    texts = said(page)
    assert ZH("accounts.remove_ask", name="staging") in texts
    assert not [text for text in texts if re.fullmatch(r"[a-z_]+\.[a-z_]+", text)]
    page.speak(EN)
    assert not [text for text in said(page) if re.search(r"[\u3000-\u9fff]", text)]


def test_without_a_keyring_the_form_says_that_the_vault_takes_the_secret(page: AccountsPage) -> None:
    assert EN("accounts.secret_to_keyring") in said(page)
    page.keyring_state(False)
    assert EN("accounts.secret_to_vault") in said(page)


def test_a_word_longer_than_the_page_does_not_widen_it(page: AccountsPage, qtbot: QtBot) -> None:
    page.resize(700, 560)
    page.failed("w" * 400)
    column = page.widget()
    assert column is not None
    qtbot.waitUntil(part(page, Strip, "accounts_strip").isVisible)
    QApplication.processEvents()
    assert column.width() == page.viewport().width()


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
def test_twice_the_text_is_scrolled_and_never_cut(page: AccountsPage, qtbot: QtBot, lang: str) -> None:
    page.speak(words(lang))
    page.show_accounts([AccountLine("n" * 80, "https://" + "h" * 200, "8f3c…41d0", "GNOME Keyring"), *LINES])
    page.resize(980, 560)
    column = page.widget()
    assert column is not None
    qtbot.waitUntil(lambda: column.width() == page.viewport().width())

    def cut() -> list[str]:
        wrapped = [label for label in page.findChildren(QLabel) if label.isVisible() and label.wordWrap()]
        return [w.text() for w in wrapped if w.heightForWidth(w.width()) > w.height()]

    qtbot.waitUntil(lambda: not cut())
