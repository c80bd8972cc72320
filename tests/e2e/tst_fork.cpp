#include <algorithm>

#include <QTest>

#include "core/store/journal.h"
#include "tests/e2e/program.h"
#include "tests/support/fake_messages_api.h"
#include "tests/support/interlocutor.h"

using namespace aap;
using namespace aap::e2e;

namespace {

/// The events of the newest run, read as another program would.
std::vector<RunEvent> newestRun(const Home& home, std::string& runId)
{
    const auto journal = openSqliteJournal(home.path(QStringLiteral("data/agent-pipeline/journal.sqlite")).toStdString());
    const auto id = journal ? (*journal)->findRun("last") : Error{ErrorCode::Io, "no journal"};
    runId = id.value_or("");
    return id ? (*journal)->events(*id).value_or({}) : std::vector<RunEvent>();
}

/// The number of the last event that says so.
template <typename Says>
std::int64_t lastThat(const std::vector<RunEvent>& events, Says&& says)
{
    const auto found = std::find_if(events.rbegin(), events.rend(), says);
    return found == events.rend() ? 0 : found->seq;
}

} // namespace

/// A design and its code, then runs that share a part of that past: with the real program, engine and HTTP.
class ForkTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void fromAStageOnItIsDoneAnew();
    void fromAnEventOnTheDialogueGoesOn();
    void whatCannotBeForkedIsRefused();

private:
    Ended fork(const QStringList& arguments)
    {
        (void)m_model->takeAsked();
        m_seen = m_api->requests().size();
        return m_home.run(QStringList{QStringLiteral("fork"), QString::fromStdString(m_origin), QStringLiteral("--yes"), QStringLiteral("--quiet")} + arguments);
    }

    /// What the model was asked first in the fork.
    bool firstRequestSays(std::string_view text) const
    {
        const auto requests = m_api->requests();
        const auto first = std::find_if(requests.begin() + std::ptrdiff_t(m_seen), requests.end(), [](const SeenRequest& request) { return request.path == "/v1/messages"; });
        return first != requests.end() && first->body.find(text) != std::string::npos;
    }

    Home m_home;
    std::size_t m_seen = 0; ///< requests before the fork
    std::unique_ptr<Interlocutor> m_model;
    std::unique_ptr<FakeMessagesApi> m_api;
    std::string m_origin;
    std::vector<RunEvent> m_events;
};

void ForkTest::initTestCase()
{
    const auto recording = loadRecording(AAP_SOURCE_DIR "/resources/demo/recording.json");
    QVERIFY(recording);
    m_model = std::make_unique<Interlocutor>(*recording);
    m_api = std::make_unique<FakeMessagesApi>();
    m_api->answerWith([this](const SeenRequest& request) { return m_model->answer(request); });
    m_home.set(QStringLiteral("ANTHROPIC_BASE_URL"), QString::fromStdString(m_api->baseUrl()));
    m_home.set(QStringLiteral("ANTHROPIC_API_KEY"), QString::fromLatin1(kKey));
    m_home.write(QStringLiteral("pipeline.json"),
                 R"({"stages": [{"id": "testing", "enabled": false}, {"id": "deployment", "enabled": false}, {"id": "monitoring", "enabled": false}]})");
    const auto run = m_home.run({QStringLiteral("run"), QStringLiteral("--requirements"), QString::fromStdString(recording->requirements), QStringLiteral("--yes"),
                                 QStringLiteral("--quiet"), QStringLiteral("--pipeline"), QStringLiteral("pipeline.json")});
    QVERIFY2(run.exitCode == 0, run.err);
    m_events = newestRun(m_home, m_origin);
}

void ForkTest::fromAStageOnItIsDoneAnew()
{
    const auto forked = fork({QStringLiteral("--from-stage"), QStringLiteral("coding"), QStringLiteral("--note"), QStringLiteral("Mind the umlauts: äöü")});
    QVERIFY2(forked.exitCode == 0, forked.err);
    const auto asked = m_model->takeAsked();
    QVERIFY(!asked.empty());
    QVERIFY(std::ranges::all_of(asked, [](const std::string& turn) { return turn.starts_with("coding/1/"); })); // the design is not paid again
    QVERIFY(firstRequestSays("Mind the umlauts"));
    std::string id;
    const auto events = newestRun(m_home, id);
    QVERIFY(id != m_origin);
    const auto shown = m_home.run({QStringLiteral("show"), QString::fromStdString(id)});
    QVERIFY2(shown.out.contains("A fork of " + QByteArray::fromStdString(m_origin) + " at its event "), shown.out);
    const auto files = [this](const std::string& run) { return m_home.read(QStringLiteral("pipeline_output/%1/workspace/todo/server.py").arg(QString::fromStdString(run))); };
    QVERIFY(!files(id).isEmpty());
    QCOMPARE(files(id), files(m_origin));
    QVERIFY(m_home.run({QStringLiteral("verify"), QStringLiteral("pipeline_output/") + QString::fromStdString(id)}).exitCode == 0);
}

void ForkTest::fromAnEventOnTheDialogueGoesOn()
{
    const auto at = lastThat(m_events, [](const RunEvent& event) {
        const auto* tool = std::get_if<ToolFinished>(&event.payload);
        return event.stage == StageId::Coding && tool && tool->tool != "submit_result";
    });
    QVERIFY(at > 0);
    const auto turns = std::ranges::count_if(m_events, [at](const RunEvent& event) {
        return event.seq <= at && event.stage == StageId::Coding && std::holds_alternative<TurnFinished>(event.payload);
    });
    m_home.write(QStringLiteral("mine.md"), "# Written by hand\n");
    const auto forked = fork({QStringLiteral("--at"), QString::number(at), QStringLiteral("--edit"), QStringLiteral("docs/notes/by-hand.md=mine.md"), QStringLiteral("--note"),
                              QStringLiteral("Keep my file.")});
    QVERIFY2(forked.exitCode == 0, forked.err);
    const auto asked = m_model->takeAsked();
    QVERIFY(!asked.empty());
    QCOMPARE(asked.front(), "coding/1/" + std::to_string(turns + 1)); // nothing that was paid is asked again
    QVERIFY(firstRequestSays("I have edited docs/notes/by-hand.md by hand") && firstRequestSays("Keep my file."));
    std::string id;
    (void)newestRun(m_home, id);
    QCOMPARE(m_home.read(QStringLiteral("pipeline_output/%1/workspace/docs/notes/by-hand.md").arg(QString::fromStdString(id))), QByteArray("# Written by hand\n"));
    QVERIFY(!QFile::exists(m_home.path(QStringLiteral("pipeline_output/%1/workspace/docs/notes/by-hand.md").arg(QString::fromStdString(m_origin)))));
    QVERIFY(m_home.run({QStringLiteral("show"), QString::fromStdString(id), QStringLiteral("--events")}).out.contains("you edit: docs/notes/by-hand.md"));
    std::string newest;
    QCOMPARE(newestRun(m_home, newest).front().seq, 1);
    const auto journal = openSqliteJournal(m_home.path(QStringLiteral("data/agent-pipeline/journal.sqlite")).toStdString());
    QCOMPARE((*journal)->events(m_origin)->size(), m_events.size());
}

void ForkTest::whatCannotBeForkedIsRefused()
{
    const auto runs = m_home.run({QStringLiteral("runs"), QStringLiteral("--json")}).out.count('\n');
    for (const auto& [arguments, why] : {std::pair{QStringList{}, "either --from-stage or --at"},
                                         {QStringList{QStringLiteral("--at"), QString::number(m_events.size())}, "had ended by event"},
                                         {QStringList{QStringLiteral("--at"), QStringLiteral("99999")}, "no event 99999"},
                                         {QStringList{QStringLiteral("--from-stage"), QStringLiteral("testing")}, "never came to the stage testing"},
                                         {QStringList{QStringLiteral("--at"), QStringLiteral("40"), QStringLiteral("--edit"), QStringLiteral("../x=pipeline.json")}, "cannot be a file of the project"},
                                         {QStringList{QStringLiteral("--at"), QStringLiteral("40"), QStringLiteral("--edit"), QStringLiteral("x=nothing")}, "read the edited x"}}) {
        const auto refused = fork(arguments);
        QVERIFY2(refused.exitCode == 2 && refused.err.contains(why), refused.err);
        QVERIFY(m_model->takeAsked().empty());
    }
    QCOMPARE(m_home.run({QStringLiteral("runs"), QStringLiteral("--json")}).out.count('\n'), runs);
}

QTEST_GUILESS_MAIN(ForkTest)
#include "tst_fork.moc"
