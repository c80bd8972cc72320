#pragma once

#include <QString>
#include <QStringList>

#include "core/base/result.h"
#include "core/config/app_config.h"
#include "core/domain/run_event.h"
#include "core/domain/run_state.h"
#include "ui/words.h"

namespace aap {

/// Core returns codes and facts; the sentences people read are made here.
QString text(std::string_view utf8);
QString durationText(Milliseconds span);  ///< "3 s", "2 min 5 s"
QString countText(std::int64_t count);    ///< "940", "12.3 k"
QString sizeText(std::uint64_t bytes);    ///< "4.0 KB"
QString moneyText(Money money);           ///< "$0.63"
/// A core's clause as a sentence: it begins with a capital and ends with a full stop.
QString sentence(std::string_view clause);
/// What happened, what it means and what to do: three beats, plain text.
QString describe(const Error& error);
/// "from the file ./config.json, line 3"
QString describe(const Origin& origin);
/// "Coding stage. Running, turn 7 of at most 20, 63 cents" for screen readers.
QString spokenState(const StageState& stage);
/// What a gate shows besides its question, one line a fact: "port: 8000", "questions: none". Plain text whatever agents wrote.
QStringList gateFacts(const GateOpened& gate);
/// The lists of a gate in full: requirements, questions, files.
QString gateDetail(const GateOpened& gate);
/// The line under a run that has ended.
QString describeEnding(const RunState& state);

} // namespace aap
