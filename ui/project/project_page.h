#pragma once

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTimer;

namespace aap {

/// Where the requirements are written; kept on disk one second after the last key.
class ProjectPage : public QWidget {
    Q_OBJECT

public:
    /// `draftFile`: where the text is kept between two starts.
    explicit ProjectPage(const QString& draftFile, QWidget* parent = nullptr);

    QString requirements() const;
    void setRequirements(const QString& text);
    void setRunning(bool running);
    void save();

signals:
    void startAsked();
    void stopAsked();
    void demoAsked();
    void changed();
    void saved(bool succeeded, const QString& message);

private:
    void load();
    void count();

    const QString m_draftFile;
    QPlainTextEdit* m_editor;
    QLabel* m_figures;
    QPushButton* m_start;
    QPushButton* m_stop;
    QPushButton* m_demo;
    QTimer* m_autosave;
};

} // namespace aap
