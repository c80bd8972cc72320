#pragma once

#include <functional>

#include <QDialog>

class QFormLayout;
class QLabel;
class QPushButton;

namespace aap {

/// A sentence, a few fields and a verb. Esc and Cancel leave it without effect. Deletes itself.
class FormSheet : public QDialog {
    Q_OBJECT

public:
    /// Found as `name`; the button of the verb as `<name>Verb`.
    FormSheet(const QString& name, const QString& title, const QString& words, const QString& verb, QWidget* parent);

    /// Names the field by its label, for screen readers and tests too.
    void add(const QString& label, QWidget* field, const QString& name);
    void setWords(const QString& words);
    void setReady(bool ready);
    /// Returns at once; `chosen` is called when the verb was, and the sheet has gone.
    void ask(std::function<void()> chosen);

private:
    QLabel* m_words;
    QFormLayout* m_form;
    QPushButton* m_verb;
};

} // namespace aap
