"""Taking away from a process what it has no business with, by the kernel: Linux, `seccomp(2)` and `prctl(2)`."""

import ctypes
import platform
import resource
import signal

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_LOAD_WORD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _FAIL_WITH_EPERM = 0x7FFF0000, 0x00050000 | 1
# The number of the system call `socket` by kind of machine.
_SOCKET = {"x86_64": 41, "aarch64": 198}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("true", ctypes.c_ubyte), ("false", ctypes.c_ubyte), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def forbid_sockets() -> bool:
    """Make every later attempt of this process to open a socket fail with EPERM; says whether that could be done.

    Sockets that are open stay open. To be called before other threads start, which then cannot either. Where the system
    does not know how (another one than Linux, another machine than x86-64 and ARM64), nothing happens.
    """
    number = _SOCKET.get(platform.machine())
    if platform.system() != "Linux" or number is None:
        return False
    instructions = (_Instruction * 4)(
        (_LOAD_WORD, 0, 0, 0),
        (_JUMP_IF_EQUAL, 0, 1, number),
        (_RETURN, 0, 0, _FAIL_WITH_EPERM),
        (_RETURN, 0, 0, _ALLOW),
    )
    program = _Program(len(instructions), instructions)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return (
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        and prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0
    )


def forbid_core_dumps() -> None:
    """Leave nothing on disk when this process or one that it starts is ended."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def end_with_parent() -> None:
    """Have the kernel end this process when the one that started it ends; on Linux, elsewhere nothing happens."""
    if platform.system() == "Linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
