#include "tests/e2e/escape/attempt.h"

namespace aap::escape {
namespace {

Attempts systemCalls()
{
    return {
        systemCall("E21", "a raw socket", "41, 2, 3, 1"),
        systemCall("E21", "a packet socket", "41, 17, 3, 0"),
        systemCall("E21", "an XDP socket", "41, 44, 3, 0"),
        systemCall("E26", "a socket to the hypervisor", "41, 40, 1, 0"),
        systemCall("E26", "a socket to the kernel's ciphers", "41, 38, 5, 0"),
        systemCall("E26", "a socket to the kernel's tables", "41, 16, 3, 0"),
        systemCall("E26", "a Bluetooth socket", "41, 31, 3, 0"),
        systemCall("E27", "add_key", "248, b'user', b'x', b'y', 1, -3"),
        systemCall("E27", "request_key", "249, b'user', b'x', 0, -3"),
        systemCall("E27", "keyctl", "250, 0, -3"),
        systemCall("E28", "ptrace", "101, 16, 1, 0, 0"),
        systemCall("E28", "process_vm_readv", "310, 1, 0, 0, 0, 0, 0"),
        systemCall("E28", "process_vm_writev", "311, 1, 0, 0, 0, 0, 0"),
        systemCall("E28", "pidfd_getfd", "438, 3, 1, 0"),
        systemCall("E28", "kcmp", "312, 1, 1, 0, 0, 0"),
        systemCall("E29", "mount", "165, b'none', b'/tmp', b'tmpfs', 0, 0"),
        systemCall("E29", "umount", "166, b'/proc/sys', 2"),
        systemCall("E29", "pivot_root", "155, b'/tmp', b'/tmp'"),
        systemCall("E29", "chroot", "161, b'/tmp'"),
        systemCall("E29", "fsopen", "430, b'tmpfs', 0"),
        systemCall("E29", "open_tree", "428, -100, b'/', 1"),
        systemCall("E29", "move_mount", "429, -100, b'/tmp', -100, b'/mnt', 0"),
        systemCall("E29", "mount_setattr", "442, -100, b'/', 0, 0, 0"),
        systemCall("E30", "a user namespace of one's own", "272, 0x10000000"),
        systemCall("E30", "a mount namespace of one's own", "272, 0x20000"),
        systemCall("E30", "a network namespace of one's own", "272, 0x40000000"),
        systemCall("E30", "clone into a user namespace", "56, 0x10000011, 0, 0, 0, 0"),
        systemCall("E30", "clone3", "435, 0, 0", "ENOSYS"),
        systemCall("E30", "setns", "308, 0, 0"),
        systemCall("E33", "io_uring_setup", "425, 1, 0"),
        systemCall("E33", "io_uring_enter", "426, 0, 0, 0, 0, 0"),
        systemCall("E34", "bpf", "321, 0, 0, 0"),
        systemCall("E34", "perf_event_open", "298, 0, 0, -1, -1, 0"),
        systemCall("E34", "userfaultfd", "323, 0"),
        systemCall("E34", "fanotify_init", "300, 0, 0"),
        systemCall("E34", "lookup_dcookie", "212, 0, 0, 0"),
        systemCall("E35", "open_by_handle_at", "304, -100, 0, 0"),
        systemCall("E38", "init_module", "175, 0, 0, 0"),
        systemCall("E38", "finit_module", "313, 0, 0, 0"),
        systemCall("E38", "kexec_load", "246, 0, 0, 0, 0"),
        systemCall("E38", "reboot", "169, 0xfee1dead, 672274793, 0x1234567, 0"),
        systemCall("E38", "swapon", "167, b'/tmp/x', 0"),
        systemCall("E38", "settimeofday", "164, 0, 0"),
        systemCall("E38", "clock_settime", "227, 0, 0"),
        systemCall("E38", "sethostname", "170, b'x', 1"),
        systemCall("E38", "acct", "163, 0"),
        systemCall("E38", "quotactl", "179, 0, 0, 0, 0"),
        systemCall("E38", "iopl", "172, 3"),
        systemCall("E38", "the kernel's log", "103, 3, 0, 0"),
        systemCall("E00", "modify_ldt", "154, 0, 0, 0"),
        systemCall("E00", "another execution domain", "135, 0x0400000"),
    };
}

} // namespace

Attempts kernelAttempts()
{
    auto attempts = systemCalls();
    attempts.insert(attempts.end(), {
        python("E27", "the kernel's keys", "print(len(open('/proc/keys').read()))", "0"),
        python("E31", "to be root", "attempt(lambda: os.setuid(0)); attempt(lambda: os.setgid(0))", "EPERM\nEPERM"),
        shell("E31", "a copy of the shell with the setuid bit", "cp /bin/bash ./rooted && chmod 6755 rooted && ./rooted -p -c 'id -u' | grep -cx \"$(id -u)\"; rm rooted", "1"),
        python("E31", "every setuid program there is",
               "for f in filter(os.path.isfile, glob.glob('/usr/bin/*') + glob.glob('/bin/*') + glob.glob('/usr/sbin/*')):\n"
               "    if os.stat(f).st_mode & 0o6000 and os.path.basename(f) in ('su', 'sudo'):\n"
               "        r = subprocess.run([f, '-c', 'id -u'] if f.endswith('su') else [f, '-n', 'id', '-u'], stdin=subprocess.DEVNULL, capture_output=True)\n"
               "        if r.stdout.strip() == b'0': print('root by', f)",
               "(no output)"),
        shell("E31", "no new privileges, no capabilities, a filter", "grep -E '^(CapEff|CapBnd|CapPrm|CapAmb|NoNewPrivs|Seccomp):' /proc/self/status | tr -d ' \\t'",
              "CapPrm:0000000000000000\nCapEff:0000000000000000\nCapBnd:0000000000000000\nCapAmb:0000000000000000\nNoNewPrivs:1\nSeccomp:2"),
        python("E32", "devices of the machine", "print([d for d in ('mem', 'kmem', 'port', 'kmsg', 'kvm', 'fuse', 'loop0', 'loop-control', 'sda', 'vda', 'nvme0n1', 'net/tun') if os.path.exists('/dev/' + d)])", "[]"),
        python("E32", "a device node of one's own", "attempt(lambda: os.mknod('/tmp/m', 0o20666, os.makedev(1, 1)))", "EPERM"),
        python("E36", "a terminal to type into", "attempt(lambda: open('/dev/tty'))", "ENXIO"),
        python("E37", "settings of the kernel",
               "for f in ('/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/proc/sys/vm/drop_caches', '/proc/sys/kernel/hostname', '/proc/sys/net/ipv4/ip_forward', '/sys/kernel/uevent_helper', '/sys/power/state', '/proc/irq/0/smp_affinity'):\n"
               "    try:\n        open(f, 'w').write('x'); print('wrote', f)\n    except OSError as e:\n        if e.errno not in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT): print(f, e)",
               "(no output)"),
        python("E29", "a control group's release agent",
               "for f in glob.glob('/sys/fs/cgroup/**/release_agent', recursive=True) + glob.glob('/sys/fs/cgroup/**/cgroup.procs', recursive=True) + glob.glob('/sys/fs/cgroup/**/memory.limit_in_bytes', recursive=True):\n"
               "    try:\n        open(f, 'w').write('/x'); print('wrote', f)\n    except OSError: pass",
               "(no output)"),
        shell("E38", "the machine's name", "hostname", "sandbox"),
    });
    return attempts;
}

} // namespace aap::escape
