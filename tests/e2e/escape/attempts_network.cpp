#include "tests/e2e/escape/attempt.h"

#include <fmt/format.h>

namespace aap::escape {

Attempts networkAttempts(const Target& target)
{
    Attempts attempts{
        shell("E04", "no way anywhere", "tail -n +2 /proc/net/route | wc -l; ls /sys/class/net | tr '\\n' ' '", "0\nlo "),
        python("E04", "a port of this machine, by loopback", fmt::format("reach('127.0.0.1', {})", target.tcpPort), "ECONNREFUSED"),
        python("E04", "a port of this machine, by IPv6", fmt::format("reach('::1', {}, family=socket.AF_INET6)", target.tcpPort), "EADDRNOTAVAIL"),
        python("E04", "a port of this machine, by no address", fmt::format("reach('0.0.0.0', {})", target.tcpPort), "ECONNREFUSED"),
        python("E04", "the engine by TCP", "for p in (2375, 2376, 10250): reach('127.0.0.1', p)", "ECONNREFUSED\nECONNREFUSED\nECONNREFUSED"),
        python("E22", "the metadata of a cloud", "reach('169.254.169.254', 80)", "ENETUNREACH"),
        python("E22", "the metadata of a cloud, by IPv6", "attempt(lambda: socket.socket(socket.AF_INET6).connect(('fd00:ec2::254', 80)))", "EADDRNOTAVAIL"),
        python("E23", "a name", "try: socket.getaddrinfo('example.org', 80)\nexcept OSError: print('unknown')", "unknown"),
        python("E23", "names by TCP", "reach('8.8.8.8', 53)", "ENETUNREACH"),
        python("E23", "names by UDP", "attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x' * 400, ('8.8.8.8', 53)))", "ENETUNREACH"),
        python("E23", "names by a web service", "reach('1.1.1.1', 443)", "ENETUNREACH"),
        python("E23", "four kilobytes in TXT questions", "for i in range(64):\n    try: socket.getaddrinfo('%060x.example.org' % i, 53)\n    except OSError: pass\nprint('unknown')", "unknown"),
        python("E24", "to all on the wire", "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)\nattempt(lambda: s.sendto(b'x', ('255.255.255.255', 9)))", "ENETUNREACH"),
        python("E24", "a multicast", "attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('224.0.0.251', 5353)))", "ENETUNREACH"),
        python("E03", "abstract sockets of the machine", "print(len([l for l in open('/proc/net/unix') if '@' in l]))", "0"),
        shell("E24", "curl", "curl -m 5 -s http://1.1.1.1/ ; [ $? -ne 0 ] && echo failed", "failed"),
        shell("E24", "curl, by a proxy of its own choice", "curl -m 5 -s -x http://172.17.0.1:3128 http://example.org/ ; [ $? -ne 0 ] && echo failed", "failed"),
        shell("E24", "the shell's own sockets", "(exec 3<>/dev/tcp/1.1.1.1/80) 2>/dev/null || echo failed", "failed"),
        shell("E24", "git", "GIT_TERMINAL_PROMPT=0 timeout 5 git clone -q https://github.com/x/y.git /tmp/y 2>/dev/null || echo failed", "failed"),
        shell("E24", "pip", "timeout 5 pip install -q sampleproject 2>/dev/null >&2 || echo failed", "failed"),
        shell("E24", "whatever else there is", "for t in 'wget -T 2 -t 1 -q -O- http://1.1.1.1' 'nc -w 2 1.1.1.1 80' 'ssh -o ConnectTimeout=2 1.1.1.1' 'ping -c 1 -W 1 1.1.1.1' 'npm ping' 'openssl s_client -connect 1.1.1.1:443'; do "
                                              "command -v ${t%% *} >/dev/null || continue; timeout 5 $t </dev/null >/dev/null 2>&1 && echo \"$t worked\"; done; echo done", "done"),
        shell("E24", "perl", "perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0); print connect(S, pack_sockaddr_in(80, inet_aton(\"1.1.1.1\"))) ? \"reached\" : \"failed\"'", "failed"),
    };
    for (const auto* address : {"172.17.0.1", "172.18.0.1", "10.0.0.1", "192.168.0.1", "192.168.65.2", "100.100.100.200"}) {
        attempts.push_back(python("E04", fmt::format("{}, where machines often are", address), fmt::format("reach('{}', {})", address, target.tcpPort), "ENETUNREACH"));
        attempts.push_back(python("E23", fmt::format("{} by UDP", address), fmt::format("attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('{}', {})))", address, target.udpPort), "ENETUNREACH"));
    }
    return attempts;
}

} // namespace aap::escape
