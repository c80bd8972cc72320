#pragma once

#include <memory>
#include <vector>

#include <QImage>
#include <QString>

#include "ui/artifacts/json_tree.h"
#include "ui/widgets/line_diff.h"

namespace aap {

/// What there is to see of a file; made on a worker, whatever the file holds.
struct Preview {
    enum class Kind { Nothing, Text, Markdown, Tree, Picture, Binary, Big };
    Kind kind = Kind::Nothing;
    QString folder{};
    QString path{};
    QString words{}; ///< Text, Markdown and Tree (of JSON); of Binary its first bytes in hex
    QString note{};  ///< size, and what is not shown
    QImage picture{};
    std::shared_ptr<JsonTree::Node> json{};
    bool compared = false;
    std::vector<DiffRow> changes{}; ///< when compared
};

/// Reads at most 2 MiB of text and 20 MiB of picture, whose pixels are counted before they are decoded. Nothing is executed, followed
/// or fetched. `before`: the folder of another run to compare with, or empty. Any thread.
Preview readPreview(const QString& folder, const QString& path, const QString& before);

} // namespace aap
