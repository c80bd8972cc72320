#include "core/llm/recording_model.h"

namespace aap {

Result<ModelReply> RecordingModel::reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop)
{
    auto reply = m_inner.reply(request, listener, stop);
    if (reply)
        m_record({.stage = request.stage,
                  .content = reply->content,
                  .stopReason = reply->rawStopReason,
                  .usage = reply->usage,
                  .model = reply->model});
    return reply;
}

} // namespace aap
