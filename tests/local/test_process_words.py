"""What a process's last line and an unanswered probe become for people."""

from __future__ import annotations

import urllib.error

from rosace.kit.unanswered import why
from rosace.local.process_task import numbers, plain


def test_a_refused_connection_is_no_error_number() -> None:
    refused = ConnectionRefusedError(111, "Connection refused")
    assert why(refused) == "nothing listens there yet"
    assert why(urllib.error.URLError(refused)) == "nothing listens there yet"
    try:
        raise RuntimeError("Max retries exceeded with url: /") from refused
    except RuntimeError as wrapped:
        assert why(wrapped) == "nothing listens there yet"
    assert why(RuntimeError("no leader")) == "no leader"
    assert why(RuntimeError()) == "RuntimeError"


def test_a_json_line_is_told_in_words() -> None:
    assert plain('{"done": true, "sent": 336776, "total": 336776}') == "sent 336,776, total 336,776"
    assert plain("database system is ready") == "database system is ready"
    assert plain("[1]") == "[1]"
    assert plain("{}") == "{}"
    assert numbers('{"sent": 3, "total": 12, "rate": 1.5, "done": true}') == {"sent": 3, "total": 12, "rate": 1.5}
    assert numbers("waiting for the brokers") is None
