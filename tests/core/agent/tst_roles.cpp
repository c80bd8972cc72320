#include <QTest>

#include "core/agent/roles.h"

using namespace aap;

class RolesTest : public QObject {
    Q_OBJECT

private slots:
    void everyStageHasItsRole_data();
    void everyStageHasItsRole();
};

void RolesTest::everyStageHasItsRole_data()
{
    QTest::addColumn<StageId>("stage");
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<bool>("mayWrite");
    QTest::addColumn<QByteArray>("firstPrefix");
    QTest::newRow("architecture") << StageId::Architecture << QByteArray("aap/design/1") << true << QByteArray("docs");
    QTest::newRow("coding") << StageId::Coding << QByteArray("aap/implementation/1") << true << QByteArray();
    QTest::newRow("testing") << StageId::Testing << QByteArray("aap/testreport/1") << true << QByteArray("tests");
    QTest::newRow("deployment") << StageId::Deployment << QByteArray("aap/deployment/1") << true << QByteArray("Dockerfile");
    QTest::newRow("monitoring") << StageId::Monitoring << QByteArray("aap/monitoring/1") << true << QByteArray("monitoring");
    for (const auto stage : kReviewStages)
        QTest::newRow(std::string(slug(stage)).c_str()) << stage << QByteArray("aap/review/1") << false << QByteArray();
}

void RolesTest::everyStageHasItsRole()
{
    QFETCH(const StageId, stage);
    QFETCH(const QByteArray, schema);
    const auto role = roleOf(stage);
    QVERIFY2(role, role ? "" : role.error().detail.c_str());
    QVERIFY(role->systemPrompt.starts_with("You are one of several agents"));
    QVERIFY(role->systemPrompt.find('"' + schema.toStdString() + '"') != std::string::npos); // the prompt names the contract it owes
    QCOMPARE(role->submitSchema.at("properties").at("schema").at("const").get<std::string>(), schema.toStdString());
    QTEST(role->mayWrite, "mayWrite");
    QTEST(QByteArray::fromStdString(role->writablePaths.empty() ? "" : role->writablePaths.front()), "firstPrefix");
    QCOMPARE(roleOf(stage)->systemPrompt, role->systemPrompt); // nothing in it changes, or no prompt cache would hold
}

QTEST_GUILESS_MAIN(RolesTest)
#include "tst_roles.moc"
