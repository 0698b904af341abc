"""The README's pictures: welcome and party, taken from real windows."""
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stage import Stage  # noqa: E402

TALK = (("Ana", "Who is in for the quiz tonight?"),
        ("Leo", "Me! I bring the chips"),
        ("Leo", "and the blanket for the cat"),
        ("Mia", "Count me in :)"),
        ("Mia", "/me purrs already"),
        ("Ana", "Perfect. Eight o'clock on the big screen, bring your tablets"),
        ("Leo", "See you there"))


def main():
    build, folder = sys.argv[1], sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    with Stage(build) as stage:
        alone = stage.client("Zoe")
        alone.still_picture().save(os.path.join(folder, "welcome.png"))
        alone.stop()
        address = stage.relay("Friday night")
        windows = {}
        for nick, theme, size in (("Ana", "velours", "1280x800"), ("Leo", "creme", "1024x600"),
                                  ("Mia", "velours", "800x480")):
            windows[nick] = stage.client(nick, "--join", address, size=size, theme=theme)
            stage.wait_title(windows[nick], "Friday")
        for nick, text in TALK:
            windows[nick].say(text)
            time.sleep(0.3)
        windows["Ana"].still_picture().save(os.path.join(folder, "party.png"))
        windows["Leo"].still_picture().save(os.path.join(folder, "party-creme.png"))


main()
