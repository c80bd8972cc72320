#include <QTest>

#include "sandbox/proxy/allow_list.h"
#include "sandbox/proxy/client_hello.h"
#include "sandbox/proxy/request_head.h"
#include "sandbox/proxy/resolver.h"

namespace aap::proxy {

/// How the proxy of sandboxes understands what it is sent.
class ProxyWordsTest : public QObject {
    Q_OBJECT

private slots:
    void addresses_data();
    void addresses();
    void listed_data();
    void listed();
    void onlyNamedAddressesArePrivate();
    void requests_data();
    void requests();
    void whatGoesOnIsOurs();
    void aHelloIsReadInPieces();
    void noOtherHelloIsTaken_data();
    void noOtherHelloIsTaken();
    void answersOfNameServers();
    void noOtherAnswerCounts_data();
    void noOtherAnswerCounts();
};

void ProxyWordsTest::addresses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isOne");
    QTest::addColumn<bool>("isPublicOne");
    const auto row = [](const char* text, bool isOne, bool isPublicOne) { QTest::newRow(text) << QByteArray(text) << isOne << isPublicOne; };
    for (const auto* text : {"93.184.216.34", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.128.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1"})
        row(text, true, true);
    for (const auto* text : {"0.0.0.0", "10.255.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.0.0.1",
                             "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.251", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00:ec2::254",
                             "fc00::1", "ff02::1", "64:ff9b::7f00:1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fec0::1"})
        row(text, true, false);
    for (const auto* text : {"::ffff:127.0.0.1", "::ffff:7f00:1", "127.1", "0177.0.0.1", "0x7f.0.0.1", "2130706433", "1.2.3", "1.2.3.4.5", "01.2.3.4", "::01", "FE80::1", "fe80::1%eth0", "", " 1.1.1.1"})
        row(text, false, false);
}

void ProxyWordsTest::addresses()
{
    QFETCH(const QByteArray, text);
    Address address;
    QTEST(Address::parse(text.toStdString(), address), "isOne");
    if (Address::parse(text.toStdString(), address))
        QTEST(isPublic(address), "isPublicOne");
}

void ProxyWordsTest::listed_data()
{
    QTest::addColumn<QByteArray>("authority");
    QTest::addColumn<bool>("isAllowed");
    const auto row = [](const char* authority, bool isAllowed) { QTest::newRow(authority) << QByteArray(authority) << isAllowed; };
    for (const auto* text : {"example.org:443", "EXAMPLE.org:443", "a.wild.test:443", "a.b.wild.test:443", "10.0.0.5:8080", "[fd00::5]:443", "odd.test:8443"})
        row(text, true);
    for (const auto* text : {"example.org:80", "example.org:4430", "example.org.:443", "www.example.org:443", "xexample.org:443", "example.org.evil.test:443", "wild.test:443", "xwild.test:443",
                             ".wild.test:443", "..wild.test:443", "10.0.0.5:80", "[fd00::6]:443", "user@example.org:443", "example.org@evil.test:443", "example.org:0443", "example.org:443:443",
                             "example.org:", "example.org", ":443", "example.org:65536", "[10.0.0.5]:8080", "[::ffff:10.0.0.5]:8080", "xn--xample-9uf.org:443", "example%2eorg:443", "example.org\\:443",
                             "-a.wild.test:443", "a-.wild.test:443", "*.wild.test:443"})
        row(text, false);
}

void ProxyWordsTest::listed()
{
    QFETCH(const QByteArray, authority);
    AllowList list;
    for (const auto* entry : {"example.org", "*.wild.test:443", "10.0.0.5:8080", "[fd00::5]:443", "odd.test:8443"})
        QVERIFY(list.add(entry));
    std::string host;
    int port = 0;
    QTEST(splitAuthority(authority.toStdString(), host, port, 0) && list.allows(host, port), "isAllowed");
}

void ProxyWordsTest::onlyNamedAddressesArePrivate()
{
    AllowList list;
    QVERIFY(list.add("inside.test:8080") && list.add("10.0.0.5:8080"));
    const auto may = [&](const char* text, int port) {
        Address address;
        return Address::parse(text, address) && list.mayReach(address, port);
    };
    QVERIFY(may("10.0.0.5", 8080));
    QVERIFY(!may("10.0.0.5", 80));
    QVERIFY(!may("10.0.0.6", 8080));
    QVERIFY(!may("127.0.0.1", 8080));
    QVERIFY(may("93.184.216.34", 8080));
    QCOMPARE(list.text(), std::string("inside.test:8080, 10.0.0.5:8080"));
    for (const auto* entry : {"", ":", "*", "*.", "a b", "a:0", "a:x", "http://a", "[::1", "A.\n"})
        QVERIFY2(!list.add(entry), entry);
}

void ProxyWordsTest::requests_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("target"); ///< "host:port", empty: a fault
    const auto row = [](const char* name, const QByteArray& head, const char* target) { QTest::newRow(name) << head << QByteArray(target); };
    row("a tunnel", "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n", "a.test:443");
    row("a tunnel of HTTP/1.0", "CONNECT a.test:22 HTTP/1.0\r\n\r\n", "a.test:22");
    row("a page", "GET http://a.test/x?y HTTP/1.1\r\nHost: b.test\r\n\r\n", "a.test:80");
    row("a port", "GET http://A.test:8000 HTTP/1.1\r\n\r\n", "a.test:8000");
    row("a body", "POST http://a.test/ HTTP/1.1\r\nContent-Length: 12\r\n\r\n", "a.test:80");
    row("an address", "GET http://[fd00::5]:81/ HTTP/1.1\r\n\r\n", "fd00::5:81");
    for (const auto* head :
         {"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", "GET https://a.test/ HTTP/1.1\r\n\r\n", "GET ftp://a.test/ HTTP/1.1\r\n\r\n", "GET http://u:p@a.test/ HTTP/1.1\r\n\r\n",
          "GET http://a.test/ HTTP/2\r\n\r\n", "GET http://a.test/\r\n\r\n", "CONNECT a.test HTTP/1.1\r\n\r\n", "CONNECT http://a.test:443 HTTP/1.1\r\n\r\n",
          "CONNECT a.test:443 x HTTP/1.1\r\n\r\n", "CONNECT a.test:443 HTTP/1.1\nHost: x\r\n\r\n", "GET http://a.test/ HTTP/1.1\r\nA: b\rC: d\r\n\r\n",
          "GET http://a.test/ HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "GET http://a.test/ HTTP/1.1\r\nA : b\r\n\r\n", "GET http://a.test/ HTTP/1.1\r\nnothing\r\n\r\n",
          "POST http://a.test/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "POST http://a.test/ HTTP/1.1\r\nContent-Length: +1\r\n\r\n",
          "POST http://a.test/ HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n", "POST http://a.test/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
          "CONNECT a.test:443 HTTP/1.1\r\nContent-Length: 5\r\n\r\n", "G ET http://a.test/ HTTP/1.1\r\n\r\n", "GET http:///x HTTP/1.1\r\n\r\n", "GET http://a.test\\@b.test/ HTTP/1.1\r\n\r\n",
          "GET http://a.test:80:80/ HTTP/1.1\r\n\r\n", "\r\n\r\n", "GET http://a.test/ HTTP/1.1\r\nA: \x01\r\n\r\n"})
        QTest::addRow("fault: %s", QByteArray(head).toPercentEncoding(" /:=").constData()) << QByteArray(head) << QByteArray();
    row("a NUL", QByteArray("GET http://a.test/ HTTP/1.1\r\nA: \0\r\n\r\n", 37), "");
}

void ProxyWordsTest::requests()
{
    QFETCH(const QByteArray, head);
    const auto request = parseRequest(head.toStdString());
    const auto target = request.fault.empty() ? request.host + ":" + std::to_string(request.port) : std::string();
    QTEST(QByteArray::fromStdString(target), "target");
    QCOMPARE(endOfHead(head.toStdString()), std::size_t(head.size()));
}

void ProxyWordsTest::whatGoesOnIsOurs()
{
    const auto request = parseRequest("PUT http://a.test:8000/x HTTP/1.1\r\nHost: other.test\r\nProxy-Authorization: secret\r\nConnection: keep-alive\r\nContent-Length: 3\r\nUpgrade: h2c\r\nX-A: b\r\n\r\n");
    QCOMPARE(QByteArray::fromStdString(request.head), QByteArray("PUT /x HTTP/1.1\r\nHost: a.test:8000\r\nContent-Length: 3\r\nX-A: b\r\nConnection: close\r\n\r\n"));
    QCOMPARE(request.bodyBytes, 3U);
}

/// A ClientHello that names `name`, in records of `piece` bytes.
static std::string hello(const std::string& name, std::size_t piece = 10'000)
{
    const auto two = [](std::size_t n) { return std::string{char(n >> 8U), char(n & 0xffU)}; };
    const auto entry = std::string(1, '\0') + two(name.size()) + name;
    const auto extension = name.empty() ? std::string() : two(0) + two(entry.size() + 2) + two(entry.size()) + entry;
    const auto extensions = two(43) + two(3) + std::string("\x02\x03\x04") + extension;
    const auto body = std::string("\x03\x03") + std::string(32, 'r') + std::string("\x00", 1) + two(2) + "\x13\x01" + std::string("\x01\x00", 2) + two(extensions.size()) + extensions;
    const auto message = std::string("\x01") + std::string(1, '\0') + two(body.size()) + body;
    std::string records;
    for (std::size_t at = 0; at < message.size(); at += piece) {
        const auto part = message.substr(at, piece);
        records += std::string("\x16\x03\x01") + two(part.size()) + part;
    }
    return records;
}

void ProxyWordsTest::aHelloIsReadInPieces()
{
    using Kind = Opening::Kind;
    for (const std::size_t piece : {10'000U, 7U, 1U}) {
        const auto bytes = hello("A.Example.Org", piece);
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY(openingOf(std::string_view(bytes).substr(0, length)).kind == Kind::More);
        const auto opening = openingOf(bytes + "more");
        QVERIFY(opening.kind == Kind::Tls);
        QCOMPARE(opening.serverName, std::string("a.example.org"));
    }
    QVERIFY(openingOf(hello("")).kind == Kind::Tls && openingOf(hello("")).serverName.empty());
    QVERIFY(openingOf("SSH-2.0-x\r\n").kind == Kind::Plain);
}

void ProxyWordsTest::noOtherHelloIsTaken_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto good = QByteArray::fromStdString(hello("a.test"));
    const auto changed = [&](int at, char to) {
        auto bytes = good;
        bytes[at] = to;
        return bytes;
    };
    QTest::newRow("another version of records") << changed(1, 2);
    QTest::newRow("an empty record") << QByteArray("\x16\x03\x01\x00\x00rest", 9);
    QTest::newRow("a record too long") << QByteArray("\x16\x03\x01\xff\xff", 5);
    QTest::newRow("another message") << changed(5, 2);
    QTest::newRow("a session longer than the message") << changed(43, char(0xff));
    QTest::newRow("extensions longer than the message") << changed(50, char(0xff));
    QTest::newRow("one that never ends") << QByteArray("\x16\x03\x01\x00\x01\x01", 6) + QByteArray("\x16\x03\x01\x00\x01\xff", 6).repeated(6000);
}

void ProxyWordsTest::noOtherHelloIsTaken()
{
    QFETCH(const QByteArray, bytes);
    const auto opening = openingOf(bytes.toStdString());
    QVERIFY(opening.kind == Opening::Kind::Broken);
}

static std::string dnsAnswer(const std::string& name, std::uint16_t id, const std::string& records, int count)
{
    auto packet = dnsQuestion(name, kTypeA, id);
    packet[2] = char(0x81);
    packet[7] = char(count);
    return packet + records;
}

static const std::string kRecordHead("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4", 12);

void ProxyWordsTest::answersOfNameServers()
{
    const auto alias = std::string("\xc0\x0c\0\5\0\1\0\0\0\x3c\0\4", 12) + std::string("\1b\xc0\x0e", 4);
    std::vector<Address> addresses;
    QVERIFY(readDnsAnswer(dnsAnswer("A.test", 77, alias + kRecordHead + "\x5d\xb8\xd8\x22" + kRecordHead + std::string("\x0a\0\0\1", 4), 3), "a.test", kTypeA, 77, addresses));
    QCOMPARE(addresses.size(), 2U);
    QCOMPARE(addresses[0].text(), std::string("93.184.216.34"));
    QCOMPARE(addresses[1].text(), std::string("10.0.0.1"));
    addresses.clear();
    QVERIFY(readDnsAnswer(dnsAnswer("a.test", 77, "", 0), "a.test", kTypeA, 77, addresses));
    QVERIFY(readDnsAnswer(dnsAnswer("a.test", 77, kRecordHead + "\x5d\xb8", 1), "a.test", kTypeA, 77, addresses)); // cut
    QVERIFY(addresses.empty());
}

void ProxyWordsTest::noOtherAnswerCounts_data()
{
    QTest::addColumn<QByteArray>("packet");
    const auto good = QByteArray::fromStdString(dnsAnswer("a.test", 77, kRecordHead + "\x5d\xb8\xd8\x22", 1));
    QTest::newRow("another number") << QByteArray::fromStdString(dnsAnswer("a.test", 78, kRecordHead + "\x5d\xb8\xd8\x22", 1));
    QTest::newRow("another name") << QByteArray::fromStdString(dnsAnswer("b.test", 77, kRecordHead + "\x5d\xb8\xd8\x22", 1));
    QTest::newRow("a question") << QByteArray::fromStdString(dnsQuestion("a.test", kTypeA, 77));
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a head") << good.left(12);
}

void ProxyWordsTest::noOtherAnswerCounts()
{
    QFETCH(const QByteArray, packet);
    std::vector<Address> addresses;
    QVERIFY(!readDnsAnswer(packet.toStdString(), "a.test", kTypeA, 77, addresses));
    QVERIFY(addresses.empty());
}

} // namespace aap::proxy

QTEST_GUILESS_MAIN(aap::proxy::ProxyWordsTest)
#include "tst_proxy_words.moc"
