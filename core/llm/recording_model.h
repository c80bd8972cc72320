#pragma once

#include <functional>

#include "core/llm/language_model.h"
#include "core/llm/recording.h"

namespace aap {

/// Hands every reply of the model behind it to `record`, ready for a recording; passes everything on unchanged.
class RecordingModel final : public LanguageModel {
public:
    using Record = std::function<void(const RecordedTurn&)>;

    RecordingModel(LanguageModel& inner, Record record) : m_inner(inner), m_record(std::move(record)) {}

    Result<ModelReply> reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) override;

private:
    LanguageModel& m_inner;
    Record m_record;
};

} // namespace aap
