"""Runs the load generator against one server and reads the server's clocks at the generator's marks."""
import json
import os
import subprocess
import time


def snapshot(pid):
    """CPU of all threads in ns, voluntary switches (wake-ups), memory in KB, descriptors."""
    cpu = waits = switches = 0
    threads = {}
    for task in os.listdir("/proc/%d/task" % pid):
        base = "/proc/%d/task/%s/" % (pid, task)
        with open(base + "schedstat") as file:
            run, wait, _ = file.read().split()
        with open(base + "comm") as file:
            name = file.read().strip()
        cpu += int(run)
        threads[name] = threads.get(name, 0) + int(run)
        waits += int(wait)
        with open(base + "status") as file:
            for line in file:
                if line.startswith("voluntary_ctxt_switches"):
                    switches += int(line.split()[1])
    rss = 0
    with open("/proc/%d/smaps_rollup" % pid) as file:
        for line in file:
            if line.startswith("Rss:"):
                rss = int(line.split()[1])
    return {"cpu_ns": cpu, "wait_ns": waits, "wakeups": switches, "threads": threads, "rss_kb": rss, "time": time.monotonic(),
            "fds": len(os.listdir("/proc/%d/fd" % pid))}


class Load:
    """One run of relay_load. at_mark(name) is called while the generator waits."""

    def __init__(self, build, port, mode, cpu=None, **options):
        command = [os.path.join(build, "bench", "relay_load"), mode, "--port", str(port), "--marks"]
        for key, value in options.items():
            if value is True:
                command.append("--" + key)
            elif value not in (None, False):
                command += ["--" + key, str(value)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if cpu is not None:
            os.sched_setaffinity(self.process.pid, {cpu})

    def run(self, at_mark):
        result = None
        for line in self.process.stdout:
            if line.startswith("mark "):
                at_mark(line.split()[1])
                self.process.stdin.write("\n")
                self.process.stdin.flush()
            elif line.startswith("{"):
                result = json.loads(line)
        code = self.process.wait()
        if result is None:
            raise RuntimeError("relay_load ended with %d and no result" % code)
        result["ok"] = code == 0
        return result


def run_load(server, mode, cpu=None, pause=None, **options):
    """Result of the generator, with the server's snapshots by mark under "marks"."""
    marks = {}

    def at_mark(name):
        marks[name] = snapshot(server.process.pid)
        if pause:
            pause(name, marks, server)

    result = Load(server.build, server.port, mode, cpu=cpu, abreast=server.abreast, **options).run(at_mark)
    result["marks"] = marks
    if "begin" in marks and "end" in marks:
        result["cpu_s"] = (marks["end"]["cpu_ns"] - marks["begin"]["cpu_ns"]) / 1e9
        result["thread_cpu_s"] = {name: (marks["end"]["threads"][name] - before) / 1e9
                                  for name, before in marks["begin"]["threads"].items() if name in marks["end"]["threads"]}
        result["wakeups"] = marks["end"]["wakeups"] - marks["begin"]["wakeups"]
    return result
