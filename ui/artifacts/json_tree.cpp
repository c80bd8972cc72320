#include "ui/artifacts/json_tree.h"

#include "core/base/json.h"
#include "ui/describe.h"

namespace aap {
namespace {

constexpr int kDeepestJson = 200;
constexpr int kMostValues = 100'000;
constexpr qsizetype kLongestValue = 500;

/// Builds the tree while the parser reads, so that a bomb costs no more than what is shown.
class TreeReader final : public Json::json_sax_t {
public:
    std::shared_ptr<JsonTree::Node> root = std::make_shared<JsonTree::Node>();

    bool null() override { return add(QStringLiteral("null")); }
    bool boolean(bool value) override { return add(value ? QStringLiteral("true") : QStringLiteral("false")); }
    bool number_integer(number_integer_t value) override { return add(QString::number(value)); }
    bool number_unsigned(number_unsigned_t value) override { return add(QString::number(value)); }
    bool number_float(number_float_t /*value*/, const string_t& written) override { return add(text(written)); }
    bool string(string_t& value) override { return add(shortText(value)); }
    bool binary(binary_t& /*value*/) override { return false; }
    bool start_object(std::size_t /*count*/) override { return open(); }
    bool start_array(std::size_t /*count*/) override { return open(); }
    bool key(string_t& value) override
    {
        m_key = shortText(value);
        return true;
    }
    bool end_object() override { return close(QStringLiteral("{%1}")); }
    bool end_array() override { return close(QStringLiteral("[%1]")); }
    bool parse_error(std::size_t /*at*/, const std::string& /*token*/, const nlohmann::detail::exception& /*why*/) override { return false; }

private:
    static QString shortText(const std::string& value)
    {
        auto shown = text(std::string_view(value).substr(0, std::size_t(kLongestValue) * 4));
        return shown.size() > kLongestValue ? shown.left(kLongestValue) + u'…' : shown;
    }
    JsonTree::Node* child()
    {
        if (++m_count > kMostValues)
            return nullptr;
        auto node = std::make_unique<JsonTree::Node>();
        node->parent = m_open;
        node->row = int(m_open->children.size());
        node->name = m_key.isNull() ? (m_open == root.get() ? QString() : QString::number(node->row)) : m_key;
        m_key = QString();
        m_open->children.push_back(std::move(node));
        return m_open->children.back().get();
    }
    bool add(const QString& value)
    {
        auto* node = child();
        if (node != nullptr)
            node->value = value;
        return node != nullptr;
    }
    bool open()
    {
        auto* node = ++m_depth > kDeepestJson ? nullptr : child();
        if (node != nullptr)
            m_open = node;
        return node != nullptr;
    }
    bool close(const QString& shape)
    {
        --m_depth;
        m_open->value = shape.arg(m_open->children.size());
        m_open = m_open->parent;
        return true;
    }

    JsonTree::Node* m_open = root.get();
    QString m_key;
    int m_depth = 0;
    int m_count = 0;
};

} // namespace

std::shared_ptr<JsonTree::Node> JsonTree::parse(std::string_view text)
{
    TreeReader reader;
    if (!Json::sax_parse(text, &reader))
        return nullptr;
    auto& top = reader.root->children;
    if (top.size() == 1 && !top.front()->children.empty()) { // the outer braces say nothing
        auto inner = std::move(top.front());
        for (auto& child : inner->children)
            child->parent = reader.root.get();
        top = std::move(inner->children);
    }
    return std::move(reader.root);
}

JsonTree::JsonTree(QObject* parent) :
    QAbstractItemModel(parent)
{
}

void JsonTree::show(std::shared_ptr<Node> root)
{
    beginResetModel();
    m_root = std::move(root);
    endResetModel();
}

const JsonTree::Node* JsonTree::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<const Node*>(index.constInternalPointer()) : m_root.get();
}

QModelIndex JsonTree::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, nodeOf(parent)->children[std::size_t(row)].get());
}

QModelIndex JsonTree::parent(const QModelIndex& index) const
{
    const auto* node = nodeOf(index);
    if (!index.isValid() || node->parent == nullptr || node->parent == m_root.get())
        return {};
    return createIndex(node->parent->row, 0, node->parent);
}

int JsonTree::rowCount(const QModelIndex& parent) const
{
    const auto* node = parent.column() > 0 ? nullptr : nodeOf(parent);
    return node == nullptr ? 0 : int(node->children.size());
}

int JsonTree::columnCount(const QModelIndex& /*parent*/) const
{
    return 2;
}

QVariant JsonTree::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::AccessibleTextRole))
        return {};
    return index.column() == 0 ? nodeOf(index)->name : nodeOf(index)->value;
}

QVariant JsonTree::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Name") : tr("Value");
}

} // namespace aap
