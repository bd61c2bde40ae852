"""Synthetic callbacks in every form they are kept in and damaged in:  python -m tests.deliveries.make

Every id, name and secret here is invented. What is expected of each file stands in `expected.json`, which this
program does not write.
"""

import hashlib
import html
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

HERE = Path(__file__).parent
FILES = HERE / "files"

SECRETS = {"shop": "Invented-Secret+of/the=Shop", "branch": "invented secret of the branch"}
"""The secrets at hand when the files are checked; the case is of the account `shop`."""

FOREIGN = "a secret that is not at hand"
BIZ_ID = "1469257540,0b7d8c52-31f4-4a86-9d0e-5f0a4c1b2e97"
LOG = "1469257541\n0:A\n3237:E\n4565:P\n6277:M\n8227:O\n"

SAID: dict[str, Any] = {
    "verify_result": {
        "time_used": 1079,
        "id_exceptions": {"id_attacked": 0, "id_photo_monochrome": 0},
        "request_id": "1469257551,6c0f4b1e-9a55-4d6b-8a77-2f1f0f9be3a1",
        "face_genuineness": {
            "synthetic_face_threshold": 0.5,
            "synthetic_face_confidence": 0.0,
            "mask_confidence": 0.0,
            "mask_threshold": 0.5,
        },
        "result_faceid": {
            "confidence": 91.013,
            "thresholds": {"1e-3": 65.3, "1e-5": 76.5, "1e-4": 71.8, "1e-6": 79.9},
        },
    },
    "biz_no": "order-7/2016",
    "biz_extra_data": "柜台 3",
    "liveness_result": {"result": "success", "version": "MegLive 2.4.0L", "log": LOG, "failure_reason": None},
    "biz_id": BIZ_ID,
}
"""What a callback says, with its names in the order of the callbacks that are publicly known."""

DATA = json.dumps(SAID)
"""As the vendor writes it: blanks after commas and colons, everything beyond ASCII escaped."""

CHINESE = json.dumps(SAID, ensure_ascii=False)
"""As another writer of the vendor might: the same with its Chinese as it is."""


def sign(data: str | bytes, secret: str = SECRETS["shop"], algorithm: str = "sha1") -> str:
    """The vendor's sign."""
    held = data.encode() if isinstance(data, str) else data
    return hashlib.new(algorithm, secret.encode() + held).hexdigest()


def form(data: str = DATA, signed: str | None = None, **more: str) -> str:
    return urlencode({"data": data, "sign": signed or sign(data), **more})


def logged(data: object = DATA, signed: str | None = None, **how: object) -> str:
    return json.dumps({"data": data, "sign": signed or sign(DATA)}, **how)  # type: ignore[arg-type]


def compact(said: object = SAID, **how: object) -> str:
    return json.dumps(said, separators=(",", ":"), **how)  # type: ignore[arg-type]


def javascript() -> str:
    """What JSON.stringify(JSON.parse(data)) gives."""
    return compact(ensure_ascii=False).replace("0.0", "0")


def deliveries() -> dict[str, bytes]:
    """Every file by its name."""
    altered = DATA.replace("91.013", "97.013")
    texts = {
        "form.txt": form(),
        "form_sign_first.txt": urlencode({"sign": sign(DATA), "data": DATA}),
        "form_further_fields.txt": form(channel="counter", note="a&b=c"),
        "form_line_end.txt": form() + "\r\n",
        "form_percent_blanks.txt": f"data={quote(DATA, safe='')}&sign={sign(DATA)}",
        "form_sha256.txt": form(signed=sign(DATA, algorithm="sha256")),
        "form_without_sign.txt": urlencode({"data": DATA}),
        "url.txt": f"https://shop.example/faceid/return?lang=zh&{form()}#top",
        "question_mark.txt": "?" + form(),
        "access_log.txt": f'192.0.2.7 - - [23/Jul/2016:15:05:52 +0800] "GET /return?{form()} HTTP/1.1" 200 12\n',
        "log_line.txt": f"2016-07-23 15:05:52 INFO notify body: {form()} from 192.0.2.9\n",
        "log_line_decoded.txt": f"2016-07-23 15:05:52 INFO data={DATA}&sign={sign(DATA)}\n",
        "request.txt": f"POST /notify HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 1\r\n\r\n{form()}",
        "logged.json": logged(),
        "logged_lists.json": json.dumps({"data": [DATA], "sign": [sign(DATA)]}),
        "logged_pretty.json": json.dumps(
            {"at": "2016-07-23T15:05:52+08:00", "sign": sign(DATA), "data": DATA}, indent=2
        ),
        "logged_in_a_line.txt": f"15:05:52 [http-7] INFO  Notify - {logged()}\n",
        "logged_still_encoded.json": logged(quote(DATA, safe="")),
        "object_as_written.json": logged(SAID),
        "object_compact.json": compact({"data": SAID, "sign": sign(DATA)}),
        "object_changed.json": compact({"data": {**SAID, "biz_no": "order-8/2016"}, "sign": sign(DATA)}),
        "bare.json": DATA,
        "reserialised_compact.json": logged(compact()),
        "reserialised_sorted.json": logged(json.dumps(SAID, sort_keys=True)),
        "reserialised_unescaped.json": logged(CHINESE),
        "reserialised_slashes.json": logged(DATA.replace("/", "\\/")),
        "reserialised_javascript.json": logged(javascript()),
        "reserialised_escaped_twice.json": logged(json.dumps(DATA)),
        "reserialised_pretty.json": logged(json.dumps(SAID, indent=4)),
        "plus.json": logged(DATA.replace(" ", "+")),
        "plus_and_line_end.json": logged(DATA.replace(" ", "+") + "\n"),
        "html.json": logged(html.escape(DATA)),
        "html_named.json": logged(DATA.replace('"', "&quot;").replace("/", "&#x2F;")),
        "html_compact.json": logged(html.escape(compact())),
        "line_end.json": logged(DATA + "\n"),
        "line_end_windows.txt": form(DATA + "\r\n", sign(DATA)),
        "charset_utf8_as_latin1.json": logged(CHINESE.encode().decode("latin-1"), sign(CHINESE)),
        "other_account.txt": form(signed=sign(DATA, SECRETS["branch"])),
        "other_account_compact.json": logged(compact(), sign(DATA, SECRETS["branch"])),
        "altered.txt": form(altered, sign(DATA)),
        "foreign.txt": form(signed=sign(DATA, FOREIGN)),
        "sign_in_capitals.txt": form(signed=sign(DATA).upper()),
        "sign_short.txt": form(signed=sign(DATA)[:39]),
        "duplicate_fields.txt": f"{form()}&{urlencode({'data': altered})}",
        "cut.txt": form()[:900] + f"&sign={sign(DATA)}",
        "two_lines.log": f"{form()}\n{form(altered, sign(altered))}\n",
        "answer.json": json.dumps({**SAID, "images": None, "request_id": "1469257999,x", "time_used": 4}),
        "error.json": '{"error_message": "RESULT_NOT_FOUND", "request_id": "1469257999,x", "time_used": 4}',
        "junk.txt": "data and sign are words, and so is biz_id",
    }
    files = {name: text.encode() for name, text in texts.items()}
    gb = CHINESE.encode("gb18030")
    files["charset_gb18030.txt"] = f"data={quote(gb, safe='')}&sign={sign(CHINESE)}".encode()
    files["charset_gb18030.json"] = logged(CHINESE, sign(CHINESE), ensure_ascii=False).encode("gb18030")
    files["chinese_as_it_is.json"] = logged(CHINESE, sign(CHINESE), ensure_ascii=False).encode()
    files["byte_order_mark.txt"] = b"\xef\xbb\xbf" + form().encode()
    files["utf_16.json"] = b"\xff\xfe" + logged().encode("utf-16-le")
    return files


def main() -> None:
    FILES.mkdir(exist_ok=True)
    for name, data in deliveries().items():
        (FILES / name).write_bytes(data)


if __name__ == "__main__":
    main()
