#include <QTest>

#include <fmt/format.h>

#include "core/watch/deployment_watch.h"

using namespace aap;
using namespace std::chrono_literals;

namespace {

/// A service that answered 100 requests in 100 s, of which 10 with 500; the point every 10 s.
MetricHistory history()
{
    MetricHistory history;
    for (int i = 0; i <= 10; ++i) {
        const Milliseconds at(i * 10'000);
        history.add("requests_total", {{"status", "200"}, {"path", "/a"}}, at, i * 9);
        history.add("requests_total", {{"status", "500"}, {"path", "/a"}}, at, i * 1);
        history.add("up", {}, at, 1);
        history.add("queue", {{"name", "x"}}, at, 5);
        history.add("queue", {{"name", "y"}}, at, 50);
        history.add("restarted_total", {}, at, i < 5 ? i * 10 : i - 5); // fell to nothing in the middle
        for (const auto& [le, count] : {std::pair("0.1", 5), std::pair("0.5", 9), std::pair("+Inf", 10)})
            history.add("time_bucket", {{"le", le}}, at, i * count);
    }
    history.add("gone", {}, 0ms, 7);
    return history;
}

} // namespace

/// The simple forms of alert rules, judged without Prometheus.
class LiveAlertsTest : public QObject {
    Q_OBJECT

private slots:
    void expressions_data();
    void expressions();
    void whatIsNotUnderstoodIsSaid_data();
    void whatIsNotUnderstoodIsSaid();
    void rulesAreRead();
    void anAlertWaitsItsTime();
    void theHistoryIsBounded();
    void aLogIsFollowed();
    void aTargetIsComplete();
};

void LiveAlertsTest::expressions_data()
{
    QTest::addColumn<QByteArray>("expression");
    QTest::addColumn<QByteArray>("gives"); ///< values, "" when it does not hold
    const auto row = [](const char* expression, const char* gives) { QTest::newRow(expression) << QByteArray(expression) << QByteArray(gives); };
    row("1", "1");
    row("1 + 2 * 3 - 4 / 2", "5");
    row("-(1 + 2)", "-3");
    row("2 > 1", "2");
    row("1 > 2", "");
    row("up", "1");
    row("up == 0", "");
    row("up{job=\"api\",instance='x'} == 1", "1");
    row("up{zone=\"a\"} == 1", "");
    row("absent(up)", "");
    row("absent(nothing)", "1");
    row("gone", "");
    row("queue > 10", "50");
    row("queue{name=\"x\"}", "5");
    row("queue{name!=\"x\"}", "50");
    row("queue{name=~\"x|z\"}", "5");
    row("queue{name!~\"x.*\"}", "50");
    row("sum(queue)", "55");
    row("max(queue) - min(queue)", "45");
    row("avg(queue) > 27 and count(queue) == 2", "27.5");
    row("sum by (name) (queue) > 10", "50");
    row("rate(requests_total{status=\"500\"}[1m])", "0.1");
    row("increase(requests_total{status=\"200\"}[50s])", "45");
    row("sum(rate(requests_total{status=~\"5..\"}[1m])) / sum(rate(requests_total[1m])) > 0.05", "0.1");
    row("sum(rate(requests_total{status=~\"5..\"}[1m])) / sum(rate(requests_total[1m])) > 0.2", "");
    row("rate(restarted_total[100s])", "0.45");
    row("max_over_time(up[1m])", "1");
    row("avg_over_time(queue{name=\"x\"}[1m])", "5");
    row("histogram_quantile(0.5, sum by (le) (rate(time_bucket[1m])))", "0.1");
    row("histogram_quantile(0.95, rate(time_bucket[1m]))", "0.5");
    row("up == 0 or queue > 40", "50");
    row("queue unless queue > 10", "5");
    row("0 / 0", "");
}

void LiveAlertsTest::expressions()
{
    QFETCH(const QByteArray, expression);
    const auto parsed = AlertExpression::parse(expression.toStdString());
    QVERIFY2(parsed, parsed ? "" : parsed.error().detail.c_str());
    std::string values;
    for (const auto& sample : parsed->evaluate(history(), 100s))
        values += fmt::format("{}{:.4g}", values.empty() ? "" : " ", sample.value);
    QTEST(QByteArray::fromStdString(values), "gives");
}

void LiveAlertsTest::whatIsNotUnderstoodIsSaid_data()
{
    QTest::addColumn<QByteArray>("expression");
    for (const auto* text : {"", "up ==", "(up", "up)", "up{", "up{job}", "up{job=x}", "up{job=~\"(\"}", "rate(up)", "rate(up[x])", "rate(up[5])", "absent(up[1m])", "predict_linear(up[1m], 3)", "up offset 5m",
                             "a == on(x) b", "sum without (x) (up)", "1 2", "\"text\"", "$x", "and up", "1e", "up[5m"})
        QTest::addRow("%s", text) << QByteArray(text);
    QTest::newRow("deep") << QByteArray(200, '(');
    QTest::newRow("long") << QByteArray(5000, '1');
}

void LiveAlertsTest::whatIsNotUnderstoodIsSaid()
{
    QFETCH(const QByteArray, expression);
    const auto parsed = AlertExpression::parse(expression.toStdString());
    QVERIFY(!parsed && !parsed.error().detail.empty());
}

void LiveAlertsTest::rulesAreRead()
{
    const auto rules = readLiveRules(R"(groups:
  - name: a
    rules:
      - {alert: Down, expr: up == 0, for: 1m30s, labels: {severity: critical}, annotations: {summary: It is down.}}
      - {record: x, expr: sum(up)}
      - {alert: Odd, expr: "predict_linear(up[1m], 3) > 1"}
      - {alert: Hold, expr: up == 0, for: soon}
      - 5
  - rules: none
)");
    QVERIFY(rules);
    QCOMPARE(rules->rules.size(), 1U);
    QCOMPARE(rules->rules.front().name, std::string("Down"));
    QCOMPARE(rules->rules.front().severity, std::string("critical"));
    QCOMPARE(rules->rules.front().summary, std::string("It is down."));
    QCOMPARE(rules->rules.front().holdFor, Milliseconds(90'000));
    QCOMPARE(rules->left.size(), 2U);
    QVERIFY(rules->left.front().find("Odd is left to Prometheus: the function 'predict_linear'") == 0);
    QVERIFY(!readLiveRules("groups: [").has_value());
    QVERIFY(readLiveRules("- 1")->rules.empty());
}

void LiveAlertsTest::anAlertWaitsItsTime()
{
    auto rules = readLiveRules("groups: [{rules: [{alert: Down, expr: up == 0, for: 10s}]}]");
    QVERIFY(rules);
    LiveAlerts alerts(std::move(rules->rules));
    MetricHistory history;
    const auto at = [&](int second, double up) {
        history.add("up", {}, Milliseconds(second * 1000), up);
        std::string said;
        for (const auto& change : alerts.judge(history, Milliseconds(second * 1000)))
            said += change.alert + (change.fires ? " fires" : " ends");
        return said;
    };
    QCOMPARE(at(0, 1), std::string());
    QCOMPARE(at(5, 0), std::string());
    QCOMPARE(at(10, 1), std::string()); // it was up in between
    QCOMPARE(at(12, 0), std::string());
    QCOMPARE(at(21, 0), std::string());
    QCOMPARE(at(22, 0), std::string("Down fires"));
    QCOMPARE(alerts.firing(), std::vector<std::string>{"Down"});
    QCOMPARE(at(24, 0), std::string());
    QCOMPARE(at(26, 1), std::string("Down ends"));
    QVERIFY(alerts.firing().empty());
}

void LiveAlertsTest::theHistoryIsBounded()
{
    MetricHistory history(10s);
    for (int i = 0; i < 6000; ++i)
        history.add("many", {{"n", std::to_string(i)}}, 0ms, 1);
    QCOMPARE(history.seriesCount(), 5000U);
    for (int i = 0; i < 100; ++i)
        history.add("many", {{"n", "1"}}, Milliseconds(i * 1000), i);
    for (const auto* series : history.named("many"))
        QVERIFY(series->points.size() <= 11);
}

void LiveAlertsTest::aLogIsFollowed()
{
    QCOMPARE(newPartOfLog("", "a\nb\n"), std::string_view("a\nb\n"));
    QCOMPARE(newPartOfLog("a\nb\n", "a\nb\nc\n"), std::string_view("c\n"));
    QCOMPARE(newPartOfLog("a\nb\n", "a\nb\n"), std::string_view(""));
    const std::string longer(2000, 'x');
    QCOMPARE(newPartOfLog("old\n" + longer, longer + "new"), std::string_view("new")); // the tail has moved on
    QCOMPARE(newPartOfLog("gone\n", "all new\n"), std::string_view("all new\n"));
}

void LiveAlertsTest::aTargetIsComplete()
{
    const Json deployment{{"network", "n"}, {"service", "api"}, {"container", "c"}, {"port", 8000}, {"health_path", ""}, {"metrics_path", "/metrics"}};
    const auto target = watchTargetFrom("r", deployment);
    QVERIFY(target);
    QCOMPARE(target->healthPath, std::string("/"));
    for (const auto* key : {"network", "service", "container", "port"}) {
        auto without = deployment;
        without.erase(key);
        QVERIFY2(!watchTargetFrom("r", without), key);
    }
    QVERIFY(!watchTargetFrom("r", Json()));
}

QTEST_GUILESS_MAIN(LiveAlertsTest)
#include "tst_live_alerts.moc"
