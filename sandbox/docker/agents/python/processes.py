"""What the supervisor asks of the kernel: protecting itself, ending whole executions, and what they left behind."""

import os
import signal
import sys

HELPER_USER = 65533  # signals that a candidate's user sends do not reach it
WORK = "/work"
SWEEPS_MAX = 200
_PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 4, 36


def protect_self():
    """No other process of this user may read or trace this one, and orphans come here. Needs `ctypes`."""
    try:
        import ctypes

        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (ImportError, OSError, AttributeError):
        return False
    return prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 and prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def others():
    """`[pid, user]` of every process but this one and the container's first; zombies are left out."""
    found = []
    mine = os.getpid()
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) in (1, mine):
            continue
        try:
            with open(f"/proc/{entry}/stat", "rb") as file:
                state = file.read().rpartition(b")")[2].split()[0]
            user = os.stat(f"/proc/{entry}").st_uid
            with open(f"/proc/{entry}/status", "rb") as file:
                for line in file:
                    if line.startswith(b"Uid:"):
                        user = int(line.split()[1])
        except (OSError, IndexError, ValueError):
            continue
        if state not in (b"Z", b"X"):
            found.append((int(entry), user))
    return found


def _in_helper(user, work):
    """Runs `work` in a child of that user, which the user's own processes cannot signal. True when it ended well."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(HELPER_USER, user, HELPER_USER)
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def kill_user(user, reap):
    """Every process of that user, until none is left."""
    for _ in range(SWEEPS_MAX):
        try:
            _in_helper(user, lambda: _quietly(os.kill, -1, signal.SIGKILL))
        except OSError:  # no process can be added: stop them first, so that none takes the place of one that is gone
            for number in (signal.SIGSTOP, signal.SIGSTOP, signal.SIGKILL):
                for pid, owner in others():
                    if owner == user:
                        _quietly(os.kill, pid, number)
        reap()
        if not any(owner == user for _, owner in others()):
            return True
    return False


def kill_others(child, reap):
    """The child's group and every other process that may be signalled."""
    _quietly(os.killpg, child, signal.SIGKILL)
    for _ in range(SWEEPS_MAX):
        for pid, _ in others():
            _quietly(os.kill, pid, signal.SIGKILL)
        reap()
        if not others():
            return True
    return False


def _quietly(work, *args):
    try:
        work(*args)
    except OSError:
        pass


def wipe(user):
    try:
        # Most programs leave nothing, and then no process has to be made for it.
        return not os.listdir(WORK) or _in_helper(user, _wipe_work)
    except OSError:
        return False


def _wipe_work():
    def empty(directory):
        os.chmod(directory, 0o700)
        with os.scandir(directory) as entries:
            listed = list(entries)
        for entry in listed:
            if entry.is_dir(follow_symlinks=False):
                empty(entry.path)
                os.rmdir(entry.path)
            else:
                os.unlink(entry.path)

    sys.setrecursionlimit(100_000)
    os.chdir(WORK)
    for name in os.listdir(WORK):
        path = os.path.join(WORK, name)
        if os.path.isdir(path) and not os.path.islink(path):
            empty(path)
            os.rmdir(path)
        else:
            os.unlink(path)


def nothing_left():
    """No file, shared memory, queue, semaphore or process of an execution is in this container."""
    for directory in (WORK, "/dev/shm", "/dev/mqueue"):
        try:
            if os.listdir(directory):
                return False
        except FileNotFoundError:
            continue
        except OSError:
            return False
    for kind in ("shm", "sem", "msg"):
        try:
            with open(f"/proc/sysvipc/{kind}", "rb") as file:
                if len(file.read().splitlines()) > 1:
                    return False
        except FileNotFoundError:
            continue
    return all(user == 0 for _, user in others())
