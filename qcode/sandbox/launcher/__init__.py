"""What runs in front of a sandboxed command, in a process of its own (`python -I -S`).

It imports nothing of qcode and little of Python, since it starts before every command. Its policy
comes on stdin, in Python's marshal format: both ends are the same interpreter. Walls, in the order
in which they are put up: namespaces and mounts (`namespaces`), capabilities and limits (`rights`),
file rights (`landlock`), system calls (`seccomp`).
"""
