import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** How long a server may take to finish what it is doing after it was told to stop. */
export const GRACE_IN_SECONDS = 5;

/**
 * The Python program around every inference server: it binds a free loopback port (the server itself would
 * listen on all interfaces), hands it over the way systemd hands over sockets, and takes the whole process
 * group down when the pipe on its standard input closes, which also happens when the workspace is killed.
 * Pipe 3 carries one JSON line with the port, and one with the exit code.
 */
const PROGRAM = String.raw`
import json
import os
import signal
import socket
import subprocess
import sys
import threading

GRACE_IN_SECONDS = ${GRACE_IN_SECONDS}
LOOPBACK = "127.0.0.1"


def main():
    reports = take_report_pipe()
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind((LOOPBACK, 0))
    port = listener.getsockname()[1]
    server = start_on_windows(listener, port) if os.name == "nt" else start_with_socket(listener, port)
    listener.close()
    report(reports, {"port": port})
    threading.Thread(target=end_with_parent, args=(server,), daemon=True).start()
    code = server.wait()
    report(reports, {"exit": code})
    kill_group()
    os._exit(code & 0xFF)


def take_report_pipe():
    # Descriptor 3 is where a server expects an inherited socket, so the pipe moves away.
    return os.dup(3)


def report(pipe, message):
    try:
        os.write(pipe, (json.dumps(message) + "\n").encode())
    except OSError:
        pass


class Forked:
    """The part of subprocess.Popen that is needed, for a process whose environment names its own id."""

    def __init__(self, pid):
        self.pid = pid

    def wait(self):
        _, status = os.waitpid(self.pid, 0)
        return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def start_with_socket(listener, port):
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.signal(signal.SIGINT, lambda *_: None)
    pid = os.fork()
    if pid != 0:
        return Forked(pid)
    try:
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(listener.fileno(), 3)
        os.set_inheritable(3, True)
        os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
        os.execv(sys.executable, [sys.executable, *server_command(), *arguments(port)])
    finally:
        os._exit(127)


def server_command():
    script = os.path.join(os.path.dirname(sys.executable), "azmlinfsrv")
    return [script] if os.path.exists(script) else ["-m", "azureml_inference_server_http"]


def arguments(port):
    return ["--port", str(port), "--entry_script", os.environ["AZUREML_ENTRY_SCRIPT"]]


def start_on_windows(listener, port):
    listener.close()
    code = (
        "from azureml_inference_server_http import amlserver as server;"
        "server.DEFAULT_HOST = '%s'; server.run()" % LOOPBACK
    )
    return subprocess.Popen([sys.executable, "-c", code, *arguments(port)], stdin=subprocess.DEVNULL)


def end_with_parent(server):
    while os.read(0, 1024):
        pass
    if os.name == "nt":
        subprocess.call(["taskkill", "/pid", str(server.pid), "/t", "/f"], stdout=subprocess.DEVNULL)
        return
    os.killpg(0, signal.SIGTERM)
    threading.Event().wait(GRACE_IN_SECONDS)
    kill_group()


def kill_group():
    if os.name != "nt":
        os.killpg(0, signal.SIGKILL)


main()
`;

/** Writes the supervisor below `folder` and returns its path. */
export async function writeSupervisor(folder: string): Promise<string> {
  const file = path.join(folder, 'supervise.py');
  await mkdir(folder, { recursive: true });
  await writeFile(file, PROGRAM.trimStart());
  return file;
}
