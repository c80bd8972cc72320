#include <QElapsedTimer>
#include <QTest>

#include "core/config/keychain_store.h"

using namespace aap;

/// A machine without a keyring is told from a keyring without the key, in good time and without a file in clear.
class KeychainStoreTest : public QObject {
    Q_OBJECT

private slots:
    void withoutASecretServiceItSaysSo();
    void aStopIsObeyed();
    void itIsUsableFromAnyThreadAgainAndAgain();

private:
    KeychainStore m_store{std::chrono::seconds(20)}; // one per process
};

void KeychainStoreTest::withoutASecretServiceItSaysSo()
{
    const auto read = m_store.read("anthropic_api_key", {});
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Unavailable);
    QVERIFY(read.error().remedy.find("ANTHROPIC_API_KEY") != std::string::npos);
    const auto written = m_store.write("anthropic_api_key", ApiKey("a-key-for-nobody"), {});
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::Unavailable);
    QVERIFY(!m_store.remove("anthropic_api_key", {}));
}

void KeychainStoreTest::aStopIsObeyed()
{
    std::stop_source stop;
    stop.request_stop();
    QElapsedTimer took;
    took.start();
    const auto read = m_store.read("anthropic_api_key", stop.get_token());
    QVERIFY(!read);
    QVERIFY2(took.elapsed() < 5000, "not the whole patience");
}

void KeychainStoreTest::itIsUsableFromAnyThreadAgainAndAgain()
{
    for (int i = 0; i < 3; ++i) {
        Result<ApiKey> read;
        const std::unique_ptr<QThread> thread(QThread::create([&] { read = m_store.read("another", {}); }));
        thread->start();
        QVERIFY(thread->wait(30'000));
        QCOMPARE(read.error().code, ErrorCode::Unavailable);
    }
}

int main(int argc, char** argv)
{
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"); // before the first thread looks
    QCoreApplication app(argc, argv);
    KeychainStoreTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_keychain_store.moc"
