#include "ui/history/fork_at_sheet.h"

#include <memory>

#include <QComboBox>
#include <QCoreApplication>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QtConcurrent>

#include "core/store/snapshot_files.h"
#include "ui/describe.h"
#include "ui/run/files_panel.h"
#include "ui/run/time_slider.h"
#include "ui/shell/to_gui.h"
#include "ui/widgets/form_sheet.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kEditedLines = 9;

struct ForkAtSheet {
    Q_DECLARE_TR_FUNCTIONS(ForkAtSheet)
};

QString momentWords(const TimeStop& stop)
{
    return ForkAtSheet::tr("A new run takes over everything up to event %1 (%2) and goes its own way from there. This run stays as it is.")
        .arg(stop.seq)
        .arg(QStringLiteral("%1: %2").arg(stop.stage ? word(title(*stop.stage)) : QString(), stop.words));
}

/// The files of the moment, and what the user makes of them.
class FileEdits : public std::enable_shared_from_this<FileEdits> {
public:
    FileEdits(std::filesystem::path snapshots, std::string commit, QComboBox& files, QPlainTextEdit& editor) :
        m_snapshots(std::move(snapshots)), m_commit(std::move(commit)), m_files(files), m_editor(editor)
    {
    }

    void begin()
    {
        m_files.addItem(ForkAtSheet::tr("no file"));
        QObject::connect(&m_files, &QComboBox::currentIndexChanged, &m_editor, [self = shared_from_this()](int at) { self->show(at == 0 ? QString() : self->m_files.currentText()); });
        QObject::connect(&m_editor, &QPlainTextEdit::textChanged, &m_editor, [self = shared_from_this()] { self->keep(); });
        const auto done = toGui<Result<std::vector<SnapshotFile>>>(&m_files, [self = shared_from_this()](const auto& files) {
            for (const auto& file : files.value_or({}))
                self->m_files.addItem(text(file.path));
        });
        std::ignore = QtConcurrent::run([snapshots = m_snapshots, commit = m_commit, done] { done(filesOfSnapshot(snapshots, commit)); });
        show({});
    }

    /// Path -> content of those that are other than before.
    std::map<std::string, std::string> edited() const
    {
        std::map<std::string, std::string> files;
        for (const auto& [path, words] : m_now)
            if (words != m_before.at(path))
                files[path.toStdString()] = words.toStdString();
        return files;
    }

private:
    void show(const QString& path)
    {
        m_path.clear();
        m_editor.setEnabled(false);
        m_editor.setPlainText({});
        if (const auto known = m_now.find(path); known != m_now.end())
            fill(path, known->second);
        else if (!path.isEmpty())
            read(path);
    }

    void read(const QString& path)
    {
        const auto done = toGui<Result<std::string>>(&m_editor, [self = shared_from_this(), path](const auto& words) {
            if (self->m_files.currentText() != path)
                return;
            if (!words)
                return self->m_editor.setPlaceholderText(describe(words.error()));
            self->fill(path, text(*words));
            self->m_before[path] = self->m_editor.toPlainText(); // as the editor puts it
            self->m_now[path] = self->m_editor.toPlainText();
        });
        std::ignore = QtConcurrent::run([snapshots = m_snapshots, commit = m_commit, path, done] { done(snapshotText(snapshots, commit, path.toStdString())); });
    }

    void fill(const QString& path, const QString& words)
    {
        m_editor.setPlainText(words);
        m_editor.setEnabled(true);
        m_path = path;
    }

    void keep()
    {
        if (!m_path.isEmpty())
            m_now[m_path] = m_editor.toPlainText();
    }

    const std::filesystem::path m_snapshots;
    const std::string m_commit;
    QComboBox& m_files;        // both live as long as the sheet, whose connections own us
    QPlainTextEdit& m_editor;
    QString m_path{};          ///< what is in the editor; empty: nothing that could be changed
    std::map<QString, QString> m_before{};
    std::map<QString, QString> m_now{};
};

} // namespace

void askHowToForkAt(QWidget& owner, const RunState& state, const TimeStop& stop, std::function<void(const ForkWish&)> chosen)
{
    auto* sheet = new FormSheet(QStringLiteral("forkAtSheet"), ForkAtSheet::tr("Run again from here"), momentWords(stop), ForkAtSheet::tr("&Run again"), &owner);
    auto* note = new QLineEdit(sheet);
    note->setPlaceholderText(ForkAtSheet::tr("What the agent shall do differently (optional)"));
    auto* model = new QLineEdit(sheet);
    model->setPlaceholderText(text(state.started.model));
    auto* files = new QComboBox(sheet);
    files->setMinimumContentsLength(20);
    files->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto* editor = new QPlainTextEdit(sheet);
    editor->setFont(fixedFont());
    editor->setLineWrapMode(QPlainTextEdit::NoWrap);
    editor->setTabChangesFocus(true);
    editor->setFixedHeight(kEditedLines * editor->fontMetrics().lineSpacing());
    sheet->add(ForkAtSheet::tr("&Note"), note, QStringLiteral("forkAtNote"));
    sheet->add(ForkAtSheet::tr("&Model"), model, QStringLiteral("forkAtModel"));
    sheet->add(ForkAtSheet::tr("&Change file"), files, QStringLiteral("forkAtFile"));
    sheet->add(ForkAtSheet::tr("Its c&ontent"), editor, QStringLiteral("forkAtContent"));
    const auto edits = std::make_shared<FileEdits>(state.started.output + "/snapshots.git", stop.commit, *files, *editor);
    edits->begin();
    sheet->ask([id = state.id, seq = stop.seq, note, model, edits, chosen = std::move(chosen)] {
        chosen({.from = id, .at = seq, .note = note->text().trimmed().toStdString(), .model = model->text().trimmed().toStdString(), .files = edits->edited()});
    });
}

} // namespace aap
