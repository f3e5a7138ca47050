"""What a hostile test does; run inside a sandbox as `attacks.py TREE HOME`, or outside for comparison.

Prints `name=worked`, `name=refused: why`, and for what an honest test needs `+name=…`. Scribbles are
judged from outside, by what changed: a layer lets them happen.
"""

import contextlib
import ctypes
import fcntl
import multiprocessing
import os
import pathlib
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

tree, home = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
here = pathlib.Path.cwd()
libc = ctypes.CDLL(None, use_errno=True)


def attack(action):
    try:
        action()
    except BaseException as error:
        print(f"{action.__name__}=refused: {type(error).__name__} {str(error)[:70]}", flush=True)
    else:
        print(f"{action.__name__}=worked", flush=True)


def must(action):
    action.__name__ = f"+{action.__name__}"
    attack(action)


def scribble(action):
    with contextlib.suppress(OSError):
        action()


def call(number, *arguments):
    if libc.syscall(ctypes.c_long(number), *arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def in_child(action):
    """`action` in a process of its own; raises if that failed or was killed."""
    pid = os.fork()
    if pid == 0:
        try:
            action()
        except BaseException:
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        raise OSError("the child failed")


def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as one:
        one.settimeout(2)
        one.connect(address)
        if kind == socket.SOCK_DGRAM:
            one.send(b"?")
        assert one.recv(9) == b"in", "nobody answered"


# --- secrets ----------------------------------------------------------------------------------


@attack
def read_ssh_key():
    assert "canary" in (home / ".ssh" / "id_ed25519").read_text()


@attack
def read_env_of_the_home():
    assert "canary" in (home / ".env").read_text()


@attack
def read_env_of_the_tree():
    assert "canary" in (tree / ".env").read_text()


@attack
def read_env_through_a_link():
    link = here / "innocent.txt"
    link.unlink(missing_ok=True)
    link.symlink_to(home / ".ssh" / "id_ed25519")
    assert "canary" in link.read_text()


@attack
def read_environment():
    assert "MY_API_TOKEN" in os.environ


@attack
def read_environment_of_another():
    text = pathlib.Path(f"/proc/{sys.argv[3]}/environ").read_bytes()
    assert b"canary" in text


@attack
def walk_into_another_processs_root():
    assert "canary" in pathlib.Path(f"/proc/{sys.argv[3]}/root{home}/.ssh/id_ed25519").read_text()


@attack
def read_memory_of_another():
    buffer, address = ctypes.create_string_buffer(8), ctypes.c_void_p(0x1000)
    local = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
    # EFAULT would say that the right was there and the address not.
    if libc.process_vm_readv(int(sys.argv[3]), local, 1, (ctypes.c_void_p * 2)(address, 8), 1, 0) < 0:
        assert ctypes.get_errno() == 14, os.strerror(ctypes.get_errno())


# --- network ----------------------------------------------------------------------------------


@attack
def tcp_to_the_machine():
    connect(socket.AF_INET, ("127.0.0.1", int(sys.argv[4])))


@attack
def udp_to_the_machine():
    connect(socket.AF_INET, ("127.0.0.1", int(sys.argv[5])), socket.SOCK_DGRAM)


@attack
def tcp6_to_the_machine():
    connect(socket.AF_INET6, ("::1", int(sys.argv[6])))


@attack
def unix_socket_in_the_home():
    connect(socket.AF_UNIX, str(home / "agent.sock"))


@attack
def abstract_unix_socket():
    connect(socket.AF_UNIX, f"\0qcode-attacks-{sys.argv[3]}")


@attack
def vsock_to_the_host():
    socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close()


@attack
def kernel_events_by_netlink():
    socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 15).close()


@attack
def crypto_socket():
    socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET).close()


# --- the kernel -------------------------------------------------------------------------------


@attack
def io_uring():
    call(425, 4, ctypes.create_string_buffer(120))


@attack
def another_user_namespace():
    in_child(lambda: (_ for _ in ()).throw(OSError()) if libc.unshare(0x10000000) else None)


@attack
def user_namespace_by_clone():
    def clone():
        # clone(CLONE_NEWUSER | SIGCHLD): as fork, in a new namespace
        number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
        pid = libc.syscall(ctypes.c_long(number), ctypes.c_long(0x10000000 | 17), 0, 0, 0, 0)
        if pid == 0:
            os._exit(0)
        assert pid > 0

    in_child(clone)


@attack
def mount_something():
    assert libc.mount(b"none", os.fsencode(here), b"tmpfs", 0, None) == 0


@attack
def change_the_root():
    assert libc.chroot(b"/usr") == 0


@attack
def trace_another():
    assert libc.ptrace(16, int(sys.argv[3]), 0, 0) == 0


@attack
def signal_another():
    os.kill(int(sys.argv[3]), 0)


@attack
def bpf():
    call({"x86_64": 321, "aarch64": 280}[os.uname().machine], 0, ctypes.create_string_buffer(128), 128)


@attack
def keys_of_the_kernel():
    call({"x86_64": 250, "aarch64": 219}[os.uname().machine], 0, -3, 1)


@attack
def calls_of_another_architecture():
    """getpid as x32 numbers it."""
    if os.uname().machine != "x86_64":
        raise OSError("not this machine")
    in_child(lambda: call(0x40000000 | 39))


@attack
def type_into_the_terminal():
    descriptor = os.open("/dev/tty", os.O_RDWR)
    fcntl.ioctl(descriptor, 0x5412, b"x")


@attack
def become_the_superuser():
    assert b"uid=0" in subprocess.check_output(["su", "-c", "id"], stdin=subprocess.DEVNULL, timeout=5)


# --- the machine ------------------------------------------------------------------------------


@attack
def a_file_of_3_gib():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with open(here / "big", "wb") as file:
        file.seek(3 << 30)
        file.write(b"x")


with contextlib.suppress(OSError):
    (here / "big").unlink()


@attack
def more_memory_than_there_is():
    import mmap

    size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 9 // 10
    mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()


@attack
def outlive_others_when_memory_runs_out():
    pathlib.Path("/proc/self/oom_score_adj").write_text("-1")
    assert int(pathlib.Path("/proc/self/oom_score_adj").read_text()) < 1000


@attack
def no_limit_on_processes():
    soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    assert hard == resource.RLIM_INFINITY or hard > 5000, f"at most {soft}"


@attack
def dump_core():
    assert resource.getrlimit(resource.RLIMIT_CORE)[1] != 0


# --- scribbles: judged from outside -----------------------------------------------------------


@scribble
def into_the_home():
    with open(home / ".bashrc", "a") as file:
        file.write("evil")


@scribble
def into_the_home_through_a_link():
    (here / "link").symlink_to(home / ".profile")
    with open(here / "link", "a") as file:
        file.write("evil")


@scribble
def into_the_home_through_a_hard_link():
    os.link(home / ".bashrc", here / "hard")
    with open(here / "hard", "a") as file:
        file.write("evil")


@scribble
def out_of_the_tree_by_rename():
    (here / "moved").write_text("evil")
    (here / "moved").rename(home / "moved")


for name in (
    ".git/hooks/pre-commit",
    ".git/config",
    ".qcode/config.toml",
    "qcode.toml",
    "kept.py",
    "a/../../x",
):

    @scribble
    def into_the_tree(name=name):
        place = tree / name
        place.parent.mkdir(exist_ok=True)
        with open(place, "a") as file:
            file.write("evil")


@scribble
def into_tmp():
    pathlib.Path(f"/tmp/qcode-attack-{sys.argv[3]}").write_text("evil")


@scribble
def a_process_that_stays():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(3):
                os.close(number)
            os.execvp("sleep", [f"qcode-orphan-{sys.argv[3]}", "60"])
        os._exit(0)
    os.wait()


# --- what honest tests do ---------------------------------------------------------------------


@must
def write_in_the_tree():
    (here / "new.txt").write_text("x")


@must
def make_and_rename_folders():
    (here / "d").mkdir(exist_ok=True)
    (here / "d" / "a").write_text("x")
    (here / "d" / "a").rename(here / "b")


@must
def temporary_files():
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x")


@must
def pairs_of_sockets():
    for one in socket.socketpair():
        one.close()


@must
def a_server_on_localhost():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].sendall(b"in")).start()
        connect(socket.AF_INET, server.getsockname())


@must
def a_pool_of_processes():
    with multiprocessing.Pool(2) as pool:
        assert pool.map(abs, [-1, 2]) == [1, 2]


@must
def a_manager_of_processes():
    multiprocessing.Manager().shutdown()


@must
def subprocesses_and_shells():
    subprocess.check_call(["/bin/sh", "-c", "true | cat >/dev/null"])


@must
def devices():
    pathlib.Path("/dev/null").write_text("x")
    assert len(pathlib.Path("/dev/urandom").open("rb").read(4)) == 4


@must
def git_status():
    subprocess.check_output(["git", "-c", "safe.directory=*", "-C", str(here), "status", "--short"])


@must
def threads():
    one = threading.Thread(target=time.sleep, args=(0.01,))
    one.start()
    one.join()


@must
def an_event_loop():
    import asyncio

    asyncio.run(asyncio.sleep(0))


@must
def its_own_signals():
    pid = os.fork()
    if pid == 0:
        time.sleep(30)
        os._exit(0)
    os.kill(pid, signal.SIGTERM)
    assert os.waitpid(pid, 0)[1] == signal.SIGTERM
