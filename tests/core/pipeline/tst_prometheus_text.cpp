#include "core/pipeline/checks/prometheus_text.h"

#include <QtTest>

using namespace aap;

class PrometheusTextTest : public QObject {
    Q_OBJECT
private slots:
    void refuses_data();
    void refuses();
    void readsFamilies();
    void countsErrors();
    void interpolatesQuantiles();
    void summarises();
    void namesMetrics_data();
    void namesMetrics();
};

namespace {

constexpr auto kText = R"(# HELP http_requests_total Requests "answered".
# TYPE http_requests_total counter
http_requests_total{method="GET",status="200"} 90
http_requests_total{method="a\"b\\c\n",status="503",} 10 1700000000000

# a remark
# TYPE latency_seconds histogram
latency_seconds_bucket{le="0.1"} 50
latency_seconds_bucket{le="0.5"} 100
latency_seconds_bucket{le="+Inf"} 100
latency_seconds_sum 12.5
latency_seconds_count 100
up 1
odd NaN
)";

} // namespace

void PrometheusTextTest::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("html") << QByteArray("<html>");
    QTest::newRow("no value") << QByteArray("up\n");
    QTest::newRow("words") << QByteArray("up one\n");
    QTest::newRow("open label") << QByteArray("up{a=\"b} 1\n");
    QTest::newRow("label without quotes") << QByteArray("up{a=b} 1\n");
    QTest::newRow("no comma") << QByteArray("up{a=\"1\"b=\"2\"} 1\n");
    QTest::newRow("too many words") << QByteArray("up 1 2 3\n");
    QTest::newRow("too large") << QByteArray(9 << 20, '\n');
}

void PrometheusTextTest::refuses()
{
    QFETCH(const QByteArray, text);
    QVERIFY(!parsePrometheusText(text.toStdString()));
}

void PrometheusTextTest::readsFamilies()
{
    const auto metrics = parsePrometheusText(kText);
    QVERIFY(metrics);
    QCOMPARE(metrics->families.size(), 4U);
    QCOMPARE(metrics->families[0].help, std::string("Requests \"answered\"."));
    QCOMPARE(metrics->families[0].samples[1].labels.at("method"), std::string("a\"b\\c\n"));
    QCOMPARE(metrics->families[1].type, std::string("histogram"));
    QCOMPARE(metrics->families[1].samples.size(), 5U);
    QVERIFY(metrics->has("latency_seconds_bucket"));
    QVERIFY(metrics->has("latency_seconds"));
    QVERIFY(!metrics->has("latency"));
    QVERIFY(parsePrometheusText(""));
    QVERIFY(parsePrometheusText("a 1\r\nb 2\r\n"));
}

void PrometheusTextTest::countsErrors()
{
    QCOMPARE(*parsePrometheusText(kText)->errorRatio(), 0.1);
    QVERIFY(!parsePrometheusText("up 1\n")->errorRatio());
}

void PrometheusTextTest::interpolatesQuantiles()
{
    const auto metrics = parsePrometheusText(kText);
    QCOMPARE(*Metrics::quantile(metrics->families[1], 0.5), 0.1);
    QCOMPARE(*Metrics::quantile(metrics->families[1], 0.75), 0.3);
    QVERIFY(!Metrics::quantile(metrics->families[0], 0.5));
}

void PrometheusTextTest::summarises()
{
    const auto text = summaryOf(*parsePrometheusText(kText));
    for (const auto* part : {"4 metric families", "http_requests_total (counter, 2 samples)", "status=\"200\"} 90", "0.1000", "p95"})
        QVERIFY2(text.find(part) != std::string::npos, text.c_str());
}

void PrometheusTextTest::namesMetrics_data()
{
    QTest::addColumn<QByteArray>("expression");
    QTest::addColumn<QByteArray>("names");
    QTest::newRow("plain") << QByteArray("up{job=\"a b\"} == 0") << QByteArray("up");
    QTest::newRow("ratio") << QByteArray("sum by (job) (rate(a_total{s=~\"5..}\"}[5m]))\n / sum(rate(b_total[5m])) > 0.05") << QByteArray("a_total,b_total");
    QTest::newRow("quantile") << QByteArray("histogram_quantile(0.95, sum by (job, le) (rate(x_bucket[5m])))") << QByteArray("x_bucket");
    QTest::newRow("clause behind") << QByteArray("sum(a) without (b) and on (c) d offset 5m") << QByteArray("a,d");
    QTest::newRow("numbers") << QByteArray("1e3 * vector(2) + time()") << QByteArray();
    QTest::newRow("open") << QByteArray("up{job=\"") << QByteArray("up");
}

void PrometheusTextTest::namesMetrics()
{
    QFETCH(const QByteArray, expression);
    std::string names;
    for (const auto& name : metricNames(expression.toStdString()))
        names += (names.empty() ? "" : ",") + name;
    QTEST(QByteArray::fromStdString(names), "names");
}

QTEST_GUILESS_MAIN(PrometheusTextTest)
#include "tst_prometheus_text.moc"
