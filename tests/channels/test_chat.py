import contextlib
import json
import socket
import time
import uuid

import httpx
import pytest

from bot.tokens import Tokens


class Caller:
    """Somebody with a conversation's token."""

    def __init__(self, url):
        self.url = url
        begun = httpx.post(f"{url}/chat/conversations").json()
        self.id, self.token = begun["conversation"], begun["token"]
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def post(self, client_id=None, **body):
        body["client_id"] = client_id or str(uuid.uuid4())
        return httpx.post(f"{self.url}/chat/messages", json=body, headers=self.headers)

    def raw(self, content, kind="application/json"):
        headers = {**self.headers, "Content-Type": kind}
        return httpx.post(f"{self.url}/chat/messages", content=content, headers=headers)

    def read(self, after=0):
        answer = httpx.get(
            f"{self.url}/chat/messages", params={"after": after}, headers=self.headers
        )
        return answer.json()["messages"]

    def read_when_still(self):
        """Read when nothing was said for a second."""
        found, again = None, self.read()
        while again != found:
            time.sleep(1)
            found, again = again, self.read()
        return found

    def wait(self, count):
        for _ in range(100):
            if len(found := self.read()) >= count:
                return found
            time.sleep(0.1)
        raise TimeoutError(found)


@pytest.fixture
def caller(desk):
    desk.rasa.away = False
    return Caller(desk.url)


def refused(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["message"]
    return True


def test_a_message_is_stored_and_answered(caller):
    sent = caller.post(text="hello")

    assert sent.status_code == 202
    assert sent.json() == {"seq": 1}
    heard, said = caller.wait(2)
    assert (heard["author"], heard["text"]) == ("visitor", "hello")
    assert (said["author"], said["text"]) == ("assistant", "« hello")
    assert said["at"].endswith("Z")


def test_the_same_client_id_is_stored_and_answered_once(caller, desk):
    client_id = str(uuid.uuid4())
    first = caller.post(client_id, text="only once")
    second = caller.post(client_id, text="only once")
    caller.wait(2)

    assert first.json() == second.json()
    assert desk.rasa.heard.count("only once") == 1


def test_messages_are_answered_in_their_order(caller):
    for number in range(10):
        caller.post(text=f"message {number}")
    found = caller.wait(20)

    answers = [m["text"] for m in found if m["author"] == "assistant"]
    assert answers == [f"« message {number}" for number in range(10)]


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/restart", "restart"),
        ('/inform{"x":"y"}', 'inform{"x":"y"}'),
        (" \u200b//  /book", "book"),
        ("\ufeff/x", "x"),
        ("\uff0fstop", "stop"),
    ],
)
def test_typed_text_never_becomes_a_command(caller, desk, typed, heard):
    caller.post(text=typed)
    said = caller.wait(2)

    assert desk.rasa.heard[-1] == heard
    assert said[0]["text"] == typed


def test_a_button_is_an_opaque_id_for_its_payload(caller, desk):
    caller.post(text="hello")
    (button,) = caller.wait(2)[1]["buttons"]
    caller.post(choice=button["id"])
    found = caller.wait(4)

    assert len(button["id"].encode()) < 64
    assert "yes" not in button["id"].lower()
    assert found[2]["text"] == "Yes"
    assert desk.rasa.heard[-1] == "/yes"


def test_a_button_of_another_conversation_is_unknown(caller, desk):
    stranger = Caller(desk.url)
    stranger.post(text="hello")
    (button,) = stranger.wait(2)[1]["buttons"]

    assert refused(caller.post(choice=button["id"]), 422, "not_understood")
    assert caller.read() == []


@pytest.mark.parametrize("text", ["", "   ", "\u200b", None, 5, ["x"], {"a": 1}])
def test_an_empty_or_odd_text_is_refused(caller, text):
    assert refused(caller.post(text=text), 422, "not_understood")


@pytest.mark.parametrize(
    "body",
    [
        {"text": "a", "choice": "b"},
        {"choices": []},
        {"choices": [1]},
        {"choices": "abc"},
        {"choices": ["x"] * 100 + [str(n) for n in range(100)]},
        {"choice": "no-such-button"},
        {"choice": "x" * 60_000},
        {"choice": "é"},
    ],
)
def test_choices_that_make_no_sense_are_refused(caller, body):
    assert refused(caller.post(**body), 422, "not_understood")


@pytest.mark.parametrize("client_id", ["1", "é", "0" * 500])
def test_a_client_id_must_be_a_uuid(caller, client_id):
    assert refused(caller.post(client_id, text="x"), 422, "not_understood")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"9" * 5_000,
        b"\xff\xfe",
        b"[]",
        b'"text"',
        b"nan",
        b"[" * 50_000,
        b"\x00",
    ],
)
def test_a_body_that_is_no_json_object_is_refused(caller, content):
    assert refused(caller.raw(content), 400, "bad_request")


def test_a_form_is_refused(caller):
    assert refused(
        caller.raw(b"text=x", "application/x-www-form-urlencoded"), 415, "not_json"
    )


def test_a_very_long_text_is_refused_by_its_size(caller):
    assert refused(caller.post(text="x" * 5_000), 413, "too_large")
    assert refused(caller.post(text="x" * 100_000), 413, "too_large")
    assert caller.read() == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE messages; --",
        "\ud83d lone surrogate",
        "null \x00 byte",
        "🙂" * 500,
        "שלום مرحبا नमस्ते",
    ],
)
def test_odd_text_is_kept_and_answered(caller, text):
    body = json.dumps({"client_id": str(uuid.uuid4()), "text": text})
    sent = caller.raw(body.encode())

    assert sent.status_code == 202
    assert len(caller.wait(2)) == 2


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
def test_no_way_in_without_a_good_token(desk, token):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    for method, path in (
        ("GET", "/chat/messages"),
        ("POST", "/chat/messages"),
        ("GET", "/chat/events"),
    ):
        answer = httpx.request(method, desk.url + path, headers=headers)

        assert refused(answer, 401, "unauthorised")


def test_a_token_of_another_secret_is_refused(caller):
    forged = Tokens("another secret", 90).issue(caller.id)
    headers = {"Authorization": f"Bearer {forged}"}

    answer = httpx.get(f"{caller.url}/chat/messages", headers=headers)

    assert refused(answer, 401, "unauthorised")


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "9" * 30, "²"])
def test_a_message_number_must_be_one(caller, after):
    answer = httpx.get(
        f"{caller.url}/chat/messages", params={"after": after}, headers=caller.headers
    )

    assert refused(answer, 422, "not_understood")


def test_unknown_paths_and_methods_are_contract_errors(desk):
    assert refused(httpx.get(f"{desk.url}/nowhere"), 404, "not_found")
    assert refused(httpx.delete(f"{desk.url}/chat/messages"), 405, "method_not_allowed")


def test_a_flood_is_told_to_wait(desk):
    caller = Caller(desk.url)
    statuses = [caller.post(text="hi") for _ in range(120)]

    stopped = [answer for answer in statuses if answer.status_code == 429]
    assert stopped
    assert int(stopped[0].headers["Retry-After"]) >= 1
    assert refused(stopped[0], 429, "too_many")


@pytest.mark.parametrize("path", ["/chat/messages", "/chat/events"])
def test_who_reads_without_end_is_told_to_wait_and_others_are_not(desk, path):
    caller, other = Caller(desk.url), Caller(desk.url)
    caller.post(text="hello")
    with httpx.Client(base_url=desk.url, headers=caller.headers) as client:
        answer = client.get("/chat/messages")
        while answer.status_code == 200:
            answer = client.get("/chat/messages")
        stopped = client.get(path)

    assert refused(answer, 429, "too_many")
    assert refused(stopped, 429, "too_many")
    assert int(stopped.headers["Retry-After"]) >= 1
    assert caller.post(text="and on").status_code == 202
    assert other.read() == []


def test_an_emergency_is_answered_while_the_assistant_is_away(caller, desk):
    desk.rasa.away = True
    caller.post(text="I have crushing chest pain")
    found = caller.wait(2)

    assert found[1]["urgent"] is True
    assert "911" in found[1]["text"]


def test_away_is_said_once_and_answered_later(caller, desk):
    desk.rasa.away = True
    caller.post(text="does it hurt?")
    told = caller.wait(2)[1]
    time.sleep(1)
    desk.rasa.away = False
    found = caller.wait(3)

    assert told["author"] == "system"
    assert "nothing is lost" in told["text"]
    assert [m["text"] for m in found[2:]] == ["« does it hurt?"]


def test_an_assistant_without_words_is_no_silence(caller):
    caller.post(text="nothing")
    said = caller.wait(2)[1]

    assert "went wrong" in said["text"]
    assert said["buttons"]


def events(answer, count):
    """Read some events of a stream as (event, id, data)."""
    found, event = [], {}
    for line in answer.iter_lines():
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            event[name] = value
        elif event:
            found.append((event["event"], event.get("id"), json.loads(event["data"])))
            event = {}
        if len(found) == count:
            return found
    return found


def test_the_stream_tells_what_is_said_and_typing(caller):
    with httpx.stream(
        "GET", f"{caller.url}/chat/events", headers=caller.headers, timeout=20
    ) as answer:
        caller.post(text="hello")
        found = events(answer, 4)

    kinds = [kind for kind, _, _ in found]
    assert answer.headers["content-type"].startswith("text/event-stream")
    said = {data["seq"]: data["text"] for kind, _, data in found if kind == "message"}
    assert said == {1: "hello", 2: "« hello"}
    assert "typing" in kinds


def test_eight_streams_stay_open_and_the_newest_takes_the_oldest(desk):
    caller = Caller(desk.url)
    caller.post(text="hello")
    with contextlib.ExitStack() as opened:
        streams = [
            opened.enter_context(
                httpx.stream(
                    "GET",
                    f"{caller.url}/chat/events",
                    headers=caller.headers,
                    timeout=20,
                )
            ).iter_lines()
            for _ in range(10)
        ]
        ended = ["".join(lines) for lines in streams[:2]]  # comes to an end
        caller.post(text="and on")
        for lines in streams[2:]:
            while "and on" not in next(lines):
                pass

    assert all("hello" in one or one == ": open" for one in ended)


def test_the_stream_replays_from_the_last_event(caller):
    caller.post(text="one")
    caller.post(text="two")
    caller.wait(4)
    headers = {**caller.headers, "Last-Event-ID": "2"}
    with httpx.stream(
        "GET", f"{caller.url}/chat/events", headers=headers, timeout=20
    ) as answer:
        found = events(answer, 2)

    assert [id_ for _, id_, _ in found] == ["3", "4"]


def test_line_separators_do_not_break_the_stream(caller):
    with httpx.stream(
        "GET", f"{caller.url}/chat/events", headers=caller.headers, timeout=20
    ) as answer:
        caller.post(text="a\u2028b\u0085c")
        found = events(answer, 1)

    assert found[0][2]["text"] == "a\u2028b\u0085c"


def test_the_api_describes_itself(desk):
    described = httpx.get(f"{desk.url}/openapi.json").json()

    assert set(described["paths"]) == {
        "/chat/conversations",
        "/chat/continue",
        "/chat/telegram",
        "/chat/next",
        "/chat/messages",
        "/chat/events",
    }


def test_a_clinic_without_a_bot_says_so(caller):
    answer = httpx.post(f"{caller.url}/chat/telegram", headers=caller.headers)

    assert refused(answer, 404, "not_found")


def test_health_names_its_parts(desk):
    ready = httpx.get(f"{desk.url}/readyz")

    assert httpx.get(f"{desk.url}/healthz").json() == {"alive": True}
    assert ready.status_code == 200
    assert set(ready.json()["parts"]) == {"database", "assistant", "actions"}
    assert ready.json()["failing"] == {}
    figures = httpx.get(f"{desk.url}/metrics").text
    assert "python_info" in figures
    assert 'meridian_round_failures{round="watch"} 0.0' in figures


def test_the_page_carries_the_widget_and_a_strict_policy(desk):
    page = httpx.get(f"{desk.url}/")

    assert "/widget/meridian.js" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert httpx.get(f"{desk.url}/widget/meridian.js").status_code == 200


def raw_request(desk, head, body=b""):
    """Speak HTTP by hand; return the status line."""
    host, _, port = desk.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body)
        return wire.recv(4096).partition(b"\r\n")[0].decode()


@pytest.mark.parametrize("size", ["-1", "5", "zz", "fffffffffffff"])
def test_a_chunked_body_is_refused_and_the_desk_goes_on(desk, caller, size):
    head = (
        "POST /chat/messages HTTP/1.1\nHost: x\nContent-Type: application/json\n"
        f"Authorization: Bearer {caller.token}\nTransfer-Encoding: chunked"
    )
    status = raw_request(desk, head, f"{size}\r\nhello\r\n0\r\n\r\n".encode())

    assert " 400 " in status
    assert httpx.get(f"{desk.url}/healthz").status_code == 200


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "²", ""])
def test_a_length_that_is_none_is_refused(desk, caller, length):
    head = (
        "POST /chat/messages HTTP/1.1\nHost: x\nContent-Type: application/json\n"
        f"Authorization: Bearer {caller.token}\nContent-Length: {length}"
    )
    status = raw_request(desk, head, b"{}")

    assert " 400 " in status
    assert httpx.get(f"{desk.url}/healthz").status_code == 200


def test_a_token_that_is_no_text_is_refused(desk):
    head = "GET /chat/messages HTTP/1.1\nHost: x\nAuthorization: Bearer \xff\xfe"

    assert " 401 " in raw_request(desk, head)


def test_a_text_that_grows_when_read_is_answered(caller, desk):
    caller.post(text="\ufdfa" * 4000)
    caller.wait(2)

    assert len(desk.rasa.heard[-1]) <= 4000


def test_a_caller_who_hangs_up_is_answered_all_the_same(caller, desk):
    """The message is stored; whoever reads later finds its answer."""
    host, _, port = desk.url.removeprefix("http://").partition(":")
    for number in range(20):
        body = json.dumps({"client_id": str(uuid.uuid4()), "text": f"cut {number}"})
        head = (
            "POST /chat/messages HTTP/1.1\r\nHost: x\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Authorization: Bearer {caller.token}\r\n\r\n"
        )
        with socket.create_connection((host, int(port))) as wire:
            wire.sendall((head + body).encode())
            time.sleep(number / 1000)
    said = caller.read_when_still()

    heard = [m["text"] for m in said if m["author"] == "visitor"]
    answers = [m["text"] for m in said if m["author"] == "assistant"]
    assert sorted(answers) == sorted(f"« {text}" for text in heard)


def test_buttons_of_two_messages_cannot_be_sent_together(caller):
    caller.post(text="one")
    (first,) = caller.wait(2)[1]["buttons"]
    caller.post(text="two")
    (second,) = caller.wait(4)[3]["buttons"]

    both = caller.post(choices=[first["id"], second["id"]])

    assert refused(both, 422, "not_understood")


def test_an_alarm_broken_over_two_messages_is_heard(caller):
    caller.post(text="i cant feel")
    caller.wait(2)
    caller.post(text="anything when i wipe")
    found = caller.wait(4)

    assert found[3]["urgent"] is True


def test_deleted_conversation_is_gone_for_its_key_too(caller):
    caller.post(text="a secret")
    caller.wait(2)
    deleted = httpx.delete(f"{caller.url}/chat/conversations", headers=caller.headers)
    read = httpx.get(f"{caller.url}/chat/messages", headers=caller.headers)

    assert deleted.status_code == 200
    assert deleted.json() == {"kept": []}
    assert refused(read, 401, "unauthorised")
    assert refused(caller.post(text="hello?"), 401, "unauthorised")


def test_emergency_is_not_deleted_before_it_is_over(caller):
    caller.post(text="I have chest pain and cannot breathe")
    caller.wait(2)
    answer = httpx.delete(f"{caller.url}/chat/conversations", headers=caller.headers)

    assert refused(answer, 409, "conflict")
    assert len(caller.read()) >= 2


def test_nobody_deletes_without_the_token(caller):
    answer = httpx.delete(f"{caller.url}/chat/conversations")

    assert refused(answer, 401, "unauthorised")
