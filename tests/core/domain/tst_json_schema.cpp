#include <QTest>

#include "core/domain/json_schema.h"

using namespace aap;

class JsonSchemaTest : public QObject {
    Q_OBJECT

private slots:
    void documents_data();
    void documents();
    void everyFaultIsNamedOnce();
    void endlessTextInAPatternedPlaceIsRefusedAndNothingElseHappens();
    void inlinedSchemasStandAlone();
};

namespace {

const char* const kSchema = R"({"type": "object", "additionalProperties": false, "required": ["name", "items"], "properties": {
    "name": {"type": "string", "minLength": 2, "maxLength": 600, "pattern": "^[a-z/]+$"},
    "level": {"enum": ["must", "should"]},
    "schema": {"const": "x/1"},
    "items": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["id"], "properties": {
        "id": {"type": "string", "pattern": "^R[1-9]$"}, "count": {"type": "integer", "minimum": 0}}}}}})";

std::string firstError(const char* document)
{
    const auto errors = JsonSchema(Json::parse(kSchema)).errors(Json::parse(document));
    return errors.empty() ? std::string() : errors.front();
}

} // namespace

void JsonSchemaTest::documents_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char* title, const char* document, const char* error) {
        QTest::newRow(title) << QByteArray(document) << QByteArray(error);
    };
    row("fits", R"({"name": "ab", "items": [{"id": "R1", "count": 0, "more": true}]})", "");
    row("a member is missing", R"({"items": [{"id": "R1"}]})",
        "`name` is missing: text, at least 2 characters, at most 600 characters that matches ^[a-z/]+$");
    row("a member is missing further down", R"({"name": "ab", "items": [{}]})", "`items[0].id` is missing: text that matches ^R[1-9]$");
    row("an unknown member", R"({"name": "ab", "items": [{"id": "R1"}], "nmae": 1})",
        "`nmae` is not known here, known are: name, level, schema, items");
    row("a wrong type", R"({"name": "ab", "items": "R1"})", "`items` must be a list with at least 1 entries");
    row("too few", R"({"name": "ab", "items": []})", "`items` must be a list with at least 1 entries");
    row("too small", R"({"name": "ab", "items": [{"id": "R1", "count": -1}]})", "`items[0].count` must be a whole number, at least 0");
    row("not one of the words", R"({"name": "ab", "items": [{"id": "R1"}], "level": "may"})", "`level` must be one of \"must\", \"should\"");
    row("not the constant", R"({"name": "ab", "items": [{"id": "R1"}], "schema": "x/2"})", "`schema` must be exactly \"x/1\"");
    row("not the pattern", R"({"name": "ab", "items": [{"id": "R1"}, {"id": "1"}]})", "`items[1].id` must be text that matches ^R[1-9]$");
    row("no object at all", "[]", "the whole must be an object with \"name\", \"items\"");
}

void JsonSchemaTest::documents()
{
    QFETCH(const QByteArray, document);
    QFETCH(const QByteArray, error);
    QCOMPARE(QByteArray::fromStdString(firstError(document.constData())), error);
}

void JsonSchemaTest::everyFaultIsNamedOnce()
{
    const auto errors = JsonSchema(Json::parse(kSchema)).errors(Json::parse(R"({"name": "A", "items": [{"id": 5}, {"id": "x"}]})"));
    QCOMPARE(errors.size(), 4U); // length, type, pattern of the name, pattern of the second id
}

void JsonSchemaTest::endlessTextInAPatternedPlaceIsRefusedAndNothingElseHappens()
{
    const Json document{{"name", std::string(4U << 20U, 'a')}, {"items", Json::array({{{"id", "R1"}}})}};
    const auto errors = JsonSchema(Json::parse(kSchema)).errors(document);
    QCOMPARE(errors.size(), 1U);
    QVERIFY(errors.front().starts_with("`name` must be text"));
}

void JsonSchemaTest::inlinedSchemasStandAlone()
{
    const auto definitions = Json::parse(R"({"id": {"type": "string"}, "list": {"type": "array", "items": {"$ref": "#/definitions/id"}}})");
    const auto schema = inlined(Json::parse(R"({"properties": {"all": {"$ref": "#/definitions/list"}}})"), definitions);
    QCOMPARE(schema.dump().c_str(), R"({"properties":{"all":{"type":"array","items":{"type":"string"}}}})");
}

QTEST_GUILESS_MAIN(JsonSchemaTest)
#include "tst_json_schema.moc"
