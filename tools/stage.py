"""A stage for real windows: a virtual X display with a window manager, a relay, clients, hands.

Used by tools/play, tools/shots and the tests that drive windows. Everything stays on 127.0.0.1, on
ports and display numbers that the system picks; every process is ended by its pid. Pictures are
read from Xvfb's framebuffer file, so no other program is needed.
"""
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib

DEADLINE_S = 60  # a crowded machine may stand still for long


# Without frames the place of a window on the screen is the place of its pixels.
WINDOW_MANAGER = """<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
<theme><keepBorder>no</keepBorder></theme>
<applications><application class="*"><decor>no</decor></application></applications>
</openbox_config>
"""


class StageError(Exception):
    pass


def wait_until(what, test, seconds=DEADLINE_S, pause=0.05):
    end = time.monotonic() + seconds
    while True:
        result = test()
        if result:
            return result
        if time.monotonic() > end:
            raise StageError("%s did not happen within %d s" % (what, seconds))
        time.sleep(pause)


class Picture:
    """32-bit pixels (B, G, R, x), rows without padding."""

    def __init__(self, width, height, data):
        self.width, self.height, self.data = width, height, data

    def pixel(self, x, y):
        at = (y * self.width + x) * 4
        return self.data[at + 2] << 16 | self.data[at + 1] << 8 | self.data[at]

    def crop(self, x, y, width, height):
        rows = []
        for row in range(y, y + height):
            at = (row * self.width + x) * 4
            rows.append(self.data[at:at + width * 4])
        return Picture(width, height, b"".join(rows))

    def save(self, path):
        rows = bytearray()
        for y in range(self.height):
            row = self.data[y * self.width * 4:(y + 1) * self.width * 4]
            rgb = bytearray(self.width * 3)
            rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
            rows += b"\0" + rgb

        def chunk(kind, body):
            crc = zlib.crc32(kind + body)
            return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

        with open(path, "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n")
            file.write(chunk(b"IHDR", struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)))
            file.write(chunk(b"IDAT", zlib.compress(bytes(rows), 6)) + chunk(b"IEND", b""))


class Window:
    def __init__(self, stage, process, nick, window_id, log):
        self.stage, self.process, self.nick, self.id, self.log = stage, process, nick, window_id, log

    def geometry(self):
        text = self.stage.xdotool("getwindowgeometry", "--shell", self.id)
        values = dict(line.split("=") for line in text.split())
        return tuple(int(values[key]) for key in ("X", "Y", "WIDTH", "HEIGHT"))

    def title(self):
        return self.stage.xdotool("getwindowname", self.id).strip()

    def activate(self):
        self.stage.xdotool("windowactivate", "--sync", self.id)
        self.stage.xdotool("windowraise", self.id)

    def type(self, text):
        self.activate()
        self.stage.xdotool("type", "--delay", "12", text)

    def key(self, *keys):
        self.activate()
        self.stage.xdotool("key", *keys)

    def say(self, text):
        self.type(text)
        self.key("Return")

    def click(self, x, y):
        left, top, width, height = self.geometry()
        self.activate()
        self.stage.xdotool("mousemove", left + (x if x >= 0 else width + x),
                           top + (y if y >= 0 else height + y), "click", 1)

    def move(self, x, y):
        self.stage.xdotool("windowmove", self.id, x, y)

    def picture(self):
        self.activate()
        self.stage.xdotool("mousemove", 99999, 99999)  # the pointer is in the picture otherwise
        x, y, width, height = self.geometry()
        return self.stage.screen().crop(x, y, width, height)

    def still_picture(self):
        """A picture once nothing moves any more."""
        last = [self.picture()]

        def is_still():
            before = last[0]
            last[0] = self.picture()
            return before.data == last[0].data
        wait_until("the window of %s at rest" % self.nick, is_still, pause=0.7)
        return last[0]

    def stop(self, number=signal.SIGTERM):
        self.stage.end(self.process, number)


class Stage:
    def __init__(self, build, width=1920, height=1080):
        self.build = build
        self.folder = tempfile.TemporaryDirectory(prefix="ronron-stage-")
        self.processes = []
        self.env = dict(os.environ, HOME=self.folder.name, LC_ALL="C.UTF-8", SDL_VIDEODRIVER="x11")
        self.env.pop("WAYLAND_DISPLAY", None)
        self.env.pop("LANGUAGE", None)
        try:
            self.open(width, height)
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise

    def open(self, width, height):
        read, write = os.pipe()
        # -r: on a busy machine half a second can pass between press and release, and a key that
        # repeats then would be typed twice.
        self.start(["Xvfb", "-displayfd", str(write), "-screen", "0", "%dx%dx24" % (width, height),
                    "-nolisten", "tcp", "-r", "-fbdir", self.folder.name], pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise StageError("Xvfb did not start")
        self.env["DISPLAY"] = ":" + number
        # Parties of another stage on this machine must not be heard here.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.lan_port = probe.getsockname()[1]
        config = os.path.join(self.folder.name, "openbox.xml")
        with open(config, "w") as file:
            file.write(WINDOW_MANAGER)
        self.start(["openbox", "--sm-disable", "--config-file", config])
        wait_until("the window manager", lambda: self.try_xdotool("get_num_desktops"))

    def start(self, command, **options):
        log = open(os.path.join(self.folder.name, "%d.log" % len(self.processes)), "w+")
        options.setdefault("stdout", log)
        process = subprocess.Popen(command, env=self.env, stderr=log, **options)
        process.log = log
        self.processes.append(process)
        return process

    def end(self, process, number=signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(number)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def log_of(self, process):
        process.log.seek(0)
        return process.log.read()

    def try_xdotool(self, *words):
        done = subprocess.run(["xdotool", *map(str, words)], env=self.env, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=DEADLINE_S)
        return done.stdout if done.returncode == 0 else ""

    def xdotool(self, *words):
        done = subprocess.run(["xdotool", *map(str, words)], env=self.env, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=DEADLINE_S)
        if done.returncode != 0:
            raise StageError("xdotool %s: %s" % (" ".join(map(str, words)), done.stderr.strip()))
        return done.stdout

    def screen(self):
        with open(os.path.join(self.folder.name, "Xvfb_screen0"), "rb") as file:
            data = file.read()
        head = struct.unpack(">25I", data[:100])
        size, width, height, line, colors = head[0], head[4], head[5], head[12], head[19]
        start = size + colors * 12
        rows = [data[start + y * line:start + y * line + width * 4] for y in range(height)]
        return Picture(width, height, b"".join(rows))

    def relay(self, name):
        config = os.path.join(self.folder.name, "ronrond.ini")
        with open(config, "w") as file:
            file.write("[beacon]\nenabled = no\n")
        process = self.start([os.path.join(self.build, "ronrond"), "--config", config, "--listen",
                              "127.0.0.1:0", "--name", name], stdout=subprocess.PIPE, text=True)
        line = process.stdout.readline()
        found = re.search(r"127\.0\.0\.1:\d+$", line.strip())
        if not found:
            raise StageError("the relay did not start: %s" % self.log_of(process))
        return found.group(0)

    def data(self, name):
        """A data folder of a client that never leaves this machine."""
        folder = os.path.join(self.folder.name, "data-" + name)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "settings.ini"), "w") as file:
            file.write("[me]\nnick = %s\n[host]\nlisten = 127.0.0.1:0\n" % name)
            file.write("[lan]\nport = %d\nscope = loopback\n" % self.lan_port)
            file.write("[save]\nfolder = %s\n" % os.path.join(folder, "saved"))
        return folder

    def client(self, nick, *flags, size="1280x800", lang="en", theme="velours"):
        process = self.start([os.path.join(self.build, "ronron"), "--data",
                              self.data(nick), "--window", size, "--lang", lang,
                              "--theme", theme, *flags])

        def find():
            if process.poll() is not None:
                raise StageError("ronron ended: %s" % self.log_of(process))
            return self.try_xdotool("search", "--name", "^Ronron - %s( |$)" % nick).split()
        window_id = wait_until("the window of %s" % nick, find)[0]
        return Window(self, process, nick, window_id, process.log)

    def wait_title(self, window, pattern):
        wait_until("title %r of %s" % (pattern, window.nick),
                   lambda: re.search(pattern, window.title()))

    def hexchat(self, nick, address):
        """HexChat in the lobby; its log of the talk is in window.log_folder."""
        folder = os.path.join(self.folder.name, "hexchat-" + nick)
        os.makedirs(folder)
        with open(os.path.join(folder, "hexchat.conf"), "w") as file:
            file.write("gui_slist_skip = 1\ngui_autoopen_chat = 0\ninput_spell_check = 0\n"
                       "irc_logging = 1\nirc_nick1 = %s\nirc_user_name = %s\nirc_real_name = %s\n"
                       "gui_win_width = 1000\ngui_win_height = 600\n" % (nick, nick, nick))
        process = self.start(["hexchat", "--cfgdir", folder, "--url", "irc://%s/party" % address])

        def in_channel():
            found = self.try_xdotool("search", "--onlyvisible", "--name", "#party").split()
            if not found and os.geteuid() == 0:
                self.try_xdotool("key", "Return")  # it asks root for a confirmation first
            return found
        window_id = wait_until("HexChat in the channel", in_channel, pause=0.5)[-1]
        window = Window(self, process, nick, window_id, process.log)
        window.log_folder = os.path.join(folder, "logs")
        return window

    def close(self):
        for process in reversed(self.processes):
            self.end(process)
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind:
            for process in self.processes:
                text = self.log_of(process).strip()
                if text:
                    print("-- %s:\n%s" % (process.args[0], text[-4000:]))
        self.close()
