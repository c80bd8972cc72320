#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <QAbstractItemModel>

namespace aap {

/// A JSON document as a tree of names and values, to read.
class JsonTree : public QAbstractItemModel {
    Q_OBJECT

public:
    struct Node {
        QString name{};
        QString value{};
        Node* parent = nullptr;
        int row = 0;
        std::vector<std::unique_ptr<Node>> children{};
    };
    /// Null when it is no JSON, or nested deeper than 200, or has more than 100 000 values. Any thread.
    static std::shared_ptr<Node> parse(std::string_view text);

    explicit JsonTree(QObject* parent = nullptr);
    /// Null empties it.
    void show(std::shared_ptr<Node> root);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const Node* nodeOf(const QModelIndex& index) const;
    std::shared_ptr<Node> m_root;
};

} // namespace aap
