#pragma once

#include <QWidget>

#include "core/pipeline/run_request.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace aap {

/// The gate at which a run waits: the question, what is known of it, and the answers.
class GateBar : public QWidget {
    Q_OBJECT

public:
    explicit GateBar(QWidget* parent = nullptr);

    /// Shows itself; screen readers hear it when it opens.
    void ask(const GateOpened& gate);
    void approve();
    /// Goes to the words that it needs, or sends them when they are there.
    void sendBack();

signals:
    void decided(aap::Approver::Answer answer);

protected:
    void changeEvent(QEvent* event) override;

private:
    QLayout* makeQuestion();
    QLayout* makeAnswers();
    void showIcon();
    void decide(Approver::Decision decision, const QString& comment);

    QLabel* m_icon;
    QLabel* m_question;
    QLabel* m_facts;
    QLineEdit* m_comment;
    QPushButton* m_sendBack = nullptr;
};

} // namespace aap
