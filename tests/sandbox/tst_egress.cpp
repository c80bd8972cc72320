#include <algorithm>
#include <filesystem>

#include <QTemporaryDir>
#include <QTest>

#include <fmt/format.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/ids.h"
#include "core/base/paths.h"
#include "core/base/pause.h"
#include "core/llm/bounded_json.h"
#include "sandbox/docker/docker_sandbox.h"
#include "sandbox/proxy/bundled_proxy.h"

using namespace std::chrono_literals;

namespace aap {
namespace {

/// A server of the world outside: tells on two ports which host and path it was asked for.
constexpr auto kWorld = R"(import http.server, threading
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_GET(self):
        body = (self.headers['Host'] + ' ' + self.path + ' ' + self.rfile.read(int(self.headers.get('Content-Length', 0))).decode()).encode()
        self.send_response(200); self.send_header('Content-Length', str(len(body))); self.end_headers(); self.wfile.write(body)
    do_POST = do_GET
    def log_message(self, *a): pass
for port in (8443, 443, 9000):
    threading.Thread(target=http.server.ThreadingHTTPServer(('', port), Handler).serve_forever, daemon=True).start()
http.server.ThreadingHTTPServer(('', 8000), Handler).serve_forever()
)";

/// What an agent has at hand.
constexpr auto kProbe = R"(import errno, os, re, socket, ssl
proxy = os.environ['HTTP_PROXY'].split('//')[1].split(':')

def attempt(work):
    try: print(work())
    except OSError as error: print('ECONNREFUSED' if error.errno == errno.ECONNREFUSED else 'EPERM' if error.errno == errno.EPERM else 'nobody')

def reach(host, port, kind=socket.SOCK_STREAM):
    def work():
        s = socket.socket(socket.AF_INET, kind); s.settimeout(1); s.connect((host, port)); s.sendall(b'hello'); return s.recv(200)
    attempt(work)

def answer(s):
    """All of it, in however many packets it comes."""
    data = s.recv(65536)
    def lacks():
        head, gap, body = data.partition(b'\r\n\r\n')
        length = re.search(rb'(?i)content-length: (\d+)', head)
        return data.startswith(b'HTTP/') and (not gap or (length and len(body) < int(length[1])))
    while lacks():
        more = s.recv(65536)
        if not more: break
        data += more
    return data

def talk(*pieces):
    """Sends the pieces to the proxy one by one, each after an answer to the one before, and returns all answers."""
    s = socket.create_connection((proxy[0], int(proxy[1])), 10); answers = []
    for piece in pieces:
        s.sendall(piece); answers.append(answer(s))
    return answers

def status(line, more=b''):
    attempt(lambda: talk(line.encode() + b' HTTP/1.1\r\n' + more + b'\r\n')[0][9:12].decode())

def hello(name):
    """The first message of TLS."""
    out = ssl.MemoryBIO()
    try: ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), out, server_hostname=name).do_handshake()
    except ssl.SSLWantReadError: pass
    return out.read()
)";

} // namespace

/// Sandboxes whose network is an allow list, in the real engine: what is named is reached, through the proxy alone, and nothing else.
class EgressTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void attempts_data();
    void attempts();
    void refusalsAreNoticed();
    void aFloodOfRefusalsIsSummedUp();
    void checksHaveNoNetwork();
    void backgroundJobsAreNoWayOut();
    void anEndedProxyIsReplaced();
    void withoutAListThereIsNoSandbox();
    void nothingIsLeft();

private:
    Result<CommandResult> python(const std::string& program);
    std::string subjects(const CommandResult& result, const std::string& kind) const;
    void startWorld();
    std::unique_ptr<Sandbox> open(SandboxPurpose purpose = SandboxPurpose::Agent);

    QTemporaryDir m_folder{};
    std::filesystem::path m_root = m_folder.path().toStdString();
    std::string m_run = newRunId();
    std::string m_worldNetwork = "aap-" + m_run + "-world";
    std::string m_worldAddress{};
    std::unique_ptr<DockerClient> m_client{};
    std::unique_ptr<DockerSandboxProvider> m_provider{};
    DockerSandboxSettings m_settings{};
    std::unique_ptr<Sandbox> m_sandbox{};
};

void EgressTest::startWorld()
{
    const Json labels{{"aap.app", "1"}, {"aap.kind", "sandbox"}, {"aap.run", m_run}};
    QVERIFY(m_client->call("POST", "/networks/create", Json{{"Name", m_worldNetwork}, {"Driver", "bridge"}, {"Labels", labels}}, {}, 60s));
    const auto made = m_client->call("POST", "/containers/create?name=aap-" + m_run + "-web",
                                     Json{{"Image", "coding-agent-sandbox"},
                                          {"Entrypoint", Json::array()},
                                          {"Cmd", {"python3", "-c", kWorld}},
                                          {"Labels", labels},
                                          {"HostConfig", {{"NetworkMode", m_worldNetwork}}},
                                          {"NetworkingConfig", {{"EndpointsConfig", {{m_worldNetwork, {{"Aliases", {"web.test", "other.test"}}}}}}}}},
                                     {}, 60s);
    QVERIFY2(made, made ? "" : made.error().text().c_str());
    const auto id = stringIn(*made, "Id");
    QVERIFY(m_client->call("POST", "/containers/" + id + "/start", {}, {}, 60s));
    const auto seen = m_client->call("GET", "/containers/" + id + "/json", {}, {});
    QVERIFY(seen);
    m_worldAddress = seen->at("NetworkSettings").at("Networks").at(m_worldNetwork).at("IPAddress").get<std::string>();
    QVERIFY(!m_worldAddress.empty());
}

std::unique_ptr<Sandbox> EgressTest::open(SandboxPurpose purpose)
{
    auto sandbox = m_provider->open({.purpose = purpose, .runId = m_run, .stage = "coding", .workspace = m_root / "ws"}, {});
    if (!sandbox)
        qWarning("%s", sandbox.error().text().c_str());
    return sandbox ? *std::move(sandbox) : nullptr;
}

void EgressTest::initTestCase()
{
    const auto endpoint = findEndpoint("", processEnvironment(), {});
    const auto profile = bundledSeccompProfile();
    const auto proxy = placeProxy(m_root / "cache");
    QVERIFY(endpoint && profile && proxy);
    m_client = std::make_unique<DockerClient>(*endpoint);
    startWorld();
    const auto at = [this](int port) { return fmt::format("{}:{}", m_worldAddress, port); };
    m_settings = {.memoryBytes = 512U << 20U,
                  .pids = 128,
                  .lifetime = 900s,
                  .tmpBytes = 64U << 20U,
                  .network = NetworkPolicy::AllowList,
                  .allowedHosts = {"web.test:8000", "web.test:443", "web.test:8443", "web.test:9000", "absent.test:80", at(8000), at(443), at(8443)},
                  .proxy = *proxy,
                  .outerNetwork = m_worldNetwork,
                  .keepsSpare = true,
                  .seccompProfile = *profile};
    m_provider = std::make_unique<DockerSandboxProvider>(*m_client, m_settings);
    const auto user = agentUserOfThisProcess();
    for (const auto* folder : {"ws", "ws/repo", "ws/.agent"}) {
        std::filesystem::create_directories(m_root / folder);
        if (::geteuid() == 0)
            QCOMPARE(::chown((m_root / folder).c_str(), user.uid, user.gid), 0);
    }
    QVERIFY(writeFileAtomically(m_root / "ws/repo/probe.py", kProbe));
    m_sandbox = open();
    QVERIFY(m_sandbox);
    for (const auto deadline = Deadline::in(60s); !deadline.hasPassed(); pause(200ms, {})) // until the world is there
        if (const auto answer = m_sandbox->run({.argv = {"curl", "-sf", "http://web.test:8000/"}}, {}, {}); answer && answer->succeeded())
            return;
    QFAIL("the world outside does not answer");
}

void EgressTest::cleanupTestCase()
{
    m_sandbox.reset();
    if (m_provider)
        QVERIFY(m_provider->sweep(m_run));
}

Result<CommandResult> EgressTest::python(const std::string& program)
{
    return m_sandbox->run({.argv = {"python3", "-c", "from probe import *\n" + program}}, {}, {});
}

std::string EgressTest::subjects(const CommandResult& result, const std::string& kind) const
{
    std::string text;
    for (const auto& notice : result.notices)
        if (notice.kind == kind)
            text += notice.subject + (notice.count > 1 ? fmt::format(" x{}", notice.count) : "") + "\n";
    return text;
}

void EgressTest::attempts_data()
{
    QTest::addColumn<QByteArray>("program");
    QTest::addColumn<QByteArray>("output");
    const auto row = [](const char* name, const std::string& program, const char* output) { QTest::newRow(name) << QByteArray::fromStdString(program) << QByteArray(output); };
    const auto shell = [&](const char* name, const std::string& command, const char* output) { row(name, "os.system(r'''" + command + "''')", output); };
    const auto& world = m_worldAddress;
    shell("a named host", "curl -s http://web.test:8000/x", "web.test:8000 /x ");
    shell("with a body", "curl -s -d abc http://web.test:8000/x", "web.test:8000 /x abc");
    shell("through a tunnel", "curl -sp http://web.test:8443/t", "web.test:8443 /t ");
    shell("a named address", "curl -s http://" + world + ":8000/a", (world + ":8000 /a ").c_str());
    shell("what asks for a page is answered from within", "curl -s http://no.test/ | cut -c1-60", "Refused by the sandbox's proxy: it is not on the allow list.\n");
    row("E25 another host of the same address", "status('GET http://other.test:8000/')", "403\n");
    row("E25 another port", "status('GET http://web.test:8001/'); status('CONNECT web.test:22')", "403\n403\n");
    row("E25 a name that leads to a private address", "status('GET http://web.test:9000/'); status('CONNECT web.test:9000')", "403\n403\n");
    row("E25 a name that nobody knows", "status('GET http://absent.test/')", "502\n");
    row("E25 bare addresses",
        "for h in ('127.0.0.1', '127.1', '2130706433', '0177.0.0.1', '0x7f000001', '[::1]', '[::ffff:127.0.0.1]', '10.0.0.1', '169.254.169.254', '172.17.0.1', '1.1.1.1'): status('GET http://' + h + ':8000/')",
        "403\n403\n403\n403\n403\n403\n400\n403\n403\n403\n403\n");
    row("E25 what looks like a named host",
        "for h in ('web.test@evil.test', 'user:x@web.test', 'web.test.', 'evil.test/web.test', 'web.test%2e', 'WEB.TEST.evil.test', 'xn--wb-bja.test', 'web.test\\\\'): status('CONNECT ' + h + ':443')",
        "400\n400\n400\n400\n400\n403\n403\n400\n");
    row("E25 another Host", "print(talk(b'GET http://web.test:8000/h HTTP/1.1\\r\\nHost: other.test\\r\\n\\r\\n')[0].split(b'\\r\\n\\r\\n')[1].decode())", "web.test:8000 /h \n");
    row("E25 a second request behind the first",
        "a = talk(b'GET http://web.test:8000/1 HTTP/1.1\\r\\n\\r\\nGET /2 HTTP/1.1\\r\\nHost: other.test\\r\\n\\r\\n', b'GET /3 HTTP/1.1\\r\\nHost: other.test\\r\\n\\r\\n')\n"
        "print(a[0].count(b'HTTP/1.1'), a[1])",
        "1 b''\n");
    row("E25 another server inside the tunnel", "print(talk(b'CONNECT web.test:8443 HTTP/1.1\\r\\n\\r\\n', hello('other.test'))[1])", "b''\n");
    row("E25 the named server inside the tunnel", "print(talk(b'CONNECT web.test:8443 HTTP/1.1\\r\\n\\r\\n', hello('web.test'))[1][:9])", "b'<!DOCTYPE'\n"); // it got there, and speaks no TLS
    row("E25 no TLS where TLS is spoken", "print(talk(b'CONNECT web.test:443 HTTP/1.1\\r\\n\\r\\n', b'GET / HTTP/1.1\\r\\nHost: web.test\\r\\n\\r\\n')[1])", "b''\n");
    row("E25 smuggled", "status('POST http://web.test:8000/', b'Content-Length: 3\\r\\nTransfer-Encoding: chunked\\r\\n')", "400\n");
    row("E25 redirected", "os.system('curl -sL --max-redirs 3 -o /dev/null -w %{http_code} http://web.test:8000/ -x $HTTP_PROXY; curl -s -o /dev/null -w %{http_code} http://redirected.test/')", "200403");
    row("E22 the metadata of a cloud", "reach('169.254.169.254', 80)", "nobody\n");
    row("E23 names", "for n in ('web.test', 'other.test', 'example.org', 'proxy.evil.test'):\n  try: print(socket.getaddrinfo(n, 80))\n  except OSError: print('unknown')", "unknown\nunknown\nunknown\nunknown\n");
    row("E23 name servers", "reach('8.8.8.8', 53); reach('8.8.8.8', 53, socket.SOCK_DGRAM)", "nobody\nnobody\n");
    row("E04 the named address without the proxy", "reach('" + world + "', 8000)", "nobody\n");
    row("E04 the machine and its neighbours", "for h in ('172.17.0.1', '10.0.0.1', '192.168.0.1', '1.1.1.1'): reach(h, 80)", "nobody\nnobody\nnobody\nnobody\n");
    row("E04 the first address of the network", "reach(proxy[0].rsplit('.', 1)[0] + '.1', 22)", "nobody\n");
    row("E40 other ports of the proxy", "for p in (22, 53, 80, 3129, 8000): reach(proxy[0], p)", "ECONNREFUSED\nECONNREFUSED\nECONNREFUSED\nECONNREFUSED\nECONNREFUSED\n");
    row("E21 raw sockets and routes", "attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)); attempt(lambda: socket.socket(16, socket.SOCK_RAW, 0))", "EPERM\nEPERM\n");
    shell("E24 the shell's own sockets", "(exec 3<>/dev/tcp/1.1.1.1/80) 2>/dev/null || echo failed", "failed\n");
    shell("E24 curl without the proxy", "curl -m 5 -s --noproxy '*' http://web.test:8000/ || echo failed", "failed\n");
    row("half a request", "s = socket.create_connection((proxy[0], int(proxy[1])), 20); s.sendall(b'GET http://web'); print(s.recv(100)[9:12])", "b'408'\n");
    row("a head without an end", "status('GET http://web.test:8000/', b'A: ' + b'x' * 40000 + b'\\r\\n')", "431\n");
}

void EgressTest::attempts()
{
    QFETCH(const QByteArray, program);
    QFETCH(const QByteArray, output);
    const auto result = python(program.toStdString());
    QVERIFY2(result, result ? "" : result.error().text().c_str());
    QCOMPARE(QByteArray::fromStdString(result->output), output);
    const auto next = m_sandbox->run({.argv = {"curl", "-s", "http://web.test:8000/next"}}, {}, {});
    QVERIFY2(next && next->output == "web.test:8000 /next ", next ? next->output.c_str() : "");
}

void EgressTest::refusalsAreNoticed()
{
    const auto result = python("status('CONNECT evil.test:443'); status('CONNECT evil.test:443'); status('GET http://web.test:8000/'); status('GET nonsense'); status('CONNECT web.test:9000')");
    QVERIFY(result);
    QCOMPARE(QByteArray::fromStdString(subjects(*result, "network_denied")), QByteArray("evil.test:443 x2\n?\nweb.test:9000\n"));
    QCOMPARE(QByteArray::fromStdString(subjects(*result, "network_allowed")), QByteArray("web.test:8000\n"));
    QVERIFY2(result->notices.front().text.find("evil.test:443: it is not on the allow list. Allowed: web.test:8000, ") != std::string::npos, result->notices.front().text.c_str());
    const auto next = python("");
    QVERIFY(next && next->notices.empty());
    QVERIFY(m_provider->rules().find("web.test:8000, web.test:443") != std::string::npos);
}

void EgressTest::aFloodOfRefusalsIsSummedUp()
{
    const auto result = python("for i in range(80): talk(b'CONNECT h%d.test:443 HTTP/1.1\\r\\n\\r\\n' % i)");
    QVERIFY2(result && result->succeeded(), result ? result->output.c_str() : "");
    QCOMPARE(result->notices.size(), 51U);
    QCOMPARE(result->notices.back().count, 30);
}

void EgressTest::checksHaveNoNetwork()
{
    const auto verifier = open(SandboxPurpose::Verifier);
    QVERIFY(verifier);
    const auto result = verifier->run({.argv = {"/bin/sh", "-c", "ls /sys/class/net | tr '\\n' ' '; echo $HTTP_PROXY"}, .workdir = "/"}, {}, {});
    QVERIFY(result);
    QCOMPARE(QByteArray::fromStdString(result->output), QByteArray("lo \n"));
}

void EgressTest::backgroundJobsAreNoWayOut()
{
    const Command job{.argv = {"python3", "-c", "from probe import *\nreach('1.1.1.1', 80); status('CONNECT evil.test:443'); status('GET http://web.test:8000/')"}, .keepsBackground = true};
    const auto result = m_sandbox->run(job, {}, {});
    QVERIFY(result);
    QCOMPARE(QByteArray::fromStdString(result->output), QByteArray("nobody\n403\n200\n"));
}

void EgressTest::anEndedProxyIsReplaced()
{
    const auto list = m_client->call("GET", "/containers/json?filters=" + encodedFilters(Json{{"label", {"aap.run=" + m_run, "aap.purpose=proxy"}}}), {}, {});
    QVERIFY(list && list->size() == 1);
    QVERIFY(m_client->call("POST", "/containers/" + stringIn(list->front(), "Id") + "/kill", {}, {}, 60s));
    const auto broken = m_sandbox->run({.argv = {"curl", "-s", "-m", "5", "http://web.test:8000/"}}, {}, {});
    QVERIFY(broken && broken->ending == Ending::Exited && broken->exitCode != 0);
    m_sandbox.reset();
    m_sandbox = open();
    QVERIFY(m_sandbox);
    const auto mended = m_sandbox->run({.argv = {"curl", "-s", "http://web.test:8000/again"}}, {}, {});
    QVERIFY(mended);
    QCOMPARE(QByteArray::fromStdString(mended->output), QByteArray("web.test:8000 /again "));
}

void EgressTest::withoutAListThereIsNoSandbox()
{
    auto settings = m_settings;
    settings.allowedHosts.clear();
    DockerSandboxProvider provider(*m_client, settings);
    const auto sandbox = provider.open({.runId = m_run, .stage = "coding", .workspace = m_root / "ws"}, {});
    QVERIFY(!sandbox && sandbox.error().remedy.find("sandbox.allowed_hosts") != std::string::npos);
}

void EgressTest::nothingIsLeft()
{
    m_sandbox.reset();
    QVERIFY(m_provider->sweep(m_run));
    m_provider.reset();
    const auto filters = encodedFilters(Json{{"label", {"aap.run=" + m_run}}});
    for (const auto* path : {"/containers/json?all=1&filters=", "/networks?filters="}) {
        const auto left = m_client->call("GET", path + filters, {}, {});
        QVERIFY(left);
        QCOMPARE(left->size(), 0U);
    }
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(m_root / "cache"))
        files.push_back(entry.path().filename().string());
    QCOMPARE(files.size(), 1U);
    QVERIFY(files.front().starts_with("proxy-"));
}

} // namespace aap

QTEST_GUILESS_MAIN(aap::EgressTest)
#include "tst_egress.moc"
