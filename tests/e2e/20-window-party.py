#!/usr/bin/env python3
"""Two real windows, typed into by key events, and a raw client see each other's words."""
import os
import signal
import sys

from ronron_e2e import BUILD, Irc, Raw, check, run

sys.path.insert(0, os.path.join(sys.argv[2], "tools"))
from stage import Stage, wait_until  # noqa: E402

os.environ["LSAN_OPTIONS"] = "suppressions=%s/tests/lsan.supp:print_suppressions=0" % sys.argv[2]

SENTENCE = "The quick brown fox jumps over it"
OWN, RAISED, INK = 0x5B3FA8, 0x332748, 0xF6EEFF  # of Velours


def light(color):
    return (color >> 16) + (color >> 8 & 255) + (color & 255)


def bubble(picture, color, left, top, right, bottom):
    """The box of all pixels of a colour inside an area."""
    spots = [(x, y) for y in range(top, bottom) for x in range(left, right)
             if picture.pixel(x, y) == color]
    check(len(spots) > 500, "no bubble of colour %06X" % color)
    columns, rows = [x for x, _ in spots], [y for _, y in spots]
    return min(columns), min(rows), max(columns), max(rows)


def ink_of(picture, box, ground):
    """The words in a bubble: which pixels are ink, cut to the words themselves."""
    left, top, right, bottom = box
    half = (light(INK) + light(ground)) // 2
    spots = {(x, y) for y in range(top, bottom + 1) for x in range(left + 8, right - 7)
             if light(picture.pixel(x, y)) > half}
    check(len(spots) > 200, "no words in the bubble")
    first_x, first_y = min(x for x, _ in spots), min(y for _, y in spots)
    return {(x - first_x, y - first_y) for x, y in spots}


def share(a, b):
    """How much of the ink is the same, at the best of a few shifts: the edges differ by their ground."""
    return max(len(a & {(x + dx, y + dy) for x, y in b}) / max(len(a), len(b))
               for dx in (-2, -1, 0, 1, 2) for dy in (-2, -1, 0, 1, 2))


def two_windows_and_a_raw_client_talk():
    with Stage(BUILD) as stage:
        address = stage.relay("Test party")
        raw = Irc(int(address.split(":")[1]), "raw")
        ana = stage.client("Ana", "--join", address, size="1280x800")
        leo = stage.client("Leo", "--join", address, size="1280x800")
        for window in (ana, leo):
            stage.wait_title(window, "Test party")
        raw.wait(":Leo!")
        ana.say(SENTENCE)
        raw.wait("PRIVMSG #party :%s\r\n" % SENTENCE)
        check(raw.got.count(SENTENCE.encode()) == 1, "the line came more than once")
        # Between the rooms and the people, between the bar and the composer.
        area = (250, 80, 1050, 720)
        own = ink_of(ana.still_picture(), bubble(ana.still_picture(), OWN, *area), OWN)
        seen = ink_of(leo.still_picture(), bubble(leo.still_picture(), RAISED, *area),
                      RAISED)
        check(share(own, seen) > 0.9, "Leo's window shows other words: %.2f" % share(own, seen))
        leo.say("and back")
        raw.wait("PRIVMSG #party :and back\r\n")
        before = ana.still_picture()
        raw.send("PRIVMSG #party :from the wire\r\n")
        wait_until("raw's words in Ana's window", lambda: ana.picture().data != before.data)
        # A sender never gets its own line: one bubble of ours, not two.
        left, top, right, bottom = bubble(ana.still_picture(), OWN, *area)
        check(bottom - top < 60, "Ana's own line shows twice")
        ana.stop(signal.SIGKILL)
        raw.wait(":Ana!~Ana@127.0.0.1 QUIT :Connection ")
        plain = Raw(int(address.split(":")[1]))
        plain.send("hello from netcat")
        raw.wait("PRIVMSG #party :hello from netcat")
        leo.key("ctrl+s")
        folder = os.path.join(stage.folder.name, "data-Leo", "saved")
        wait_until("the saved talk", lambda: os.path.isdir(folder) and len(os.listdir(folder)) == 2)
        texts = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
        check({path.rsplit(".", 1)[1] for path in texts} == {"html", "txt"}, texts)
        for path in texts:
            with open(path, encoding="utf-8") as file:
                words = file.read()
            check(SENTENCE in words and "from the wire" in words, path)
        leo.click(-70, 32)  # Leave
        raw.wait(":Leo!~Leo@127.0.0.1 QUIT :")
        stage.wait_title(leo, "^Ronron - Leo$")
        leo.key("ctrl+q")
        wait_until("the end of ronron", lambda: leo.process.poll() is not None)
        check(leo.process.returncode == 0, "ronron ended with %s" % leo.process.returncode)
        check("Sanitizer" not in stage.log_of(leo.process), stage.log_of(leo.process))


def a_lost_link_comes_back_and_nothing_typed_is_lost():
    with Stage(BUILD, 1000, 700) as stage:
        address = stage.relay("First")
        relay = stage.processes[-1]
        leo = stage.client("Leo", "--join", address, size="800x480")
        stage.wait_title(leo, "First")
        stage.end(relay, signal.SIGKILL)
        leo.say("typed while the link was down")
        port = address.split(":")[1]
        again = stage.start([os.path.join(BUILD, "ronrond"), "--config",
                             os.path.join(stage.folder.name, "ronrond.ini"), "--listen",
                             "127.0.0.1:" + port, "--name", "Second"])
        stage.wait_title(leo, "Second")
        raw = Irc(int(port), "raw")
        leo.say("and after")
        raw.wait("and after")
        check(again.poll() is None, "the relay ended")
        plain = leo.still_picture()
        check(plain.width == 800, "the window kept its size")


def a_wrong_address_is_explained_and_leads_back():
    with Stage(BUILD, 1000, 700) as stage:
        lost = stage.client("Leo", "--join", "127.0.0.1:1", size="640x400")
        lost.still_picture()
        lost.key("Escape")
        stage.wait_title(lost, "^Ronron - Leo$")
        check(lost.process.poll() is None, "ronron ended")


def any_bytes_and_full_screen_leave_the_window_well():
    with Stage(BUILD, 1000, 700) as stage:
        address = stage.relay("Odd")
        leo = stage.client("Leo", "--join", address, size="800x480")
        stage.wait_title(leo, "Odd")
        raw = Irc(int(address.split(":")[1]), "raw")
        for words in (b"\xff\xfe\x00broken", b"w" * 440,
                      "\u202eabc \U0001F468\u200d\U0001F469 \u0301".encode(),
                      b"\x02bold\x03" + b"04,04" * 40, "日本語 العربية हिन्दी".encode() * 6):
            raw.send(b"PRIVMSG #party :" + words + b"\r\n")
        plain = Raw(raw.socket.getpeername()[1])
        try:
            plain.send(b"x" * 100000 + b"\n")  # without a space
        except (BrokenPipeError, ConnectionResetError):
            pass  # the relay may have had enough
        raw.sync("t1")
        leo.key("F11")
        wait_until("full screen", lambda: leo.geometry()[2:] == (1000, 700))
        leo.still_picture()
        leo.key("F11")
        wait_until("the window's old size", lambda: leo.geometry()[2:] == (800, 480))
        leo.say("still here")
        raw.wait("PRIVMSG #party :still here\r\n")


run(two_windows_and_a_raw_client_talk, a_lost_link_comes_back_and_nothing_typed_is_lost,
    a_wrong_address_is_explained_and_leads_back,
    any_bytes_and_full_screen_leave_the_window_well)
