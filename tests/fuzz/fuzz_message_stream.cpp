#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/llm/answer_reader.h"
#include "core/llm/message_assembler.h"

namespace {

/// What became of a stream, whatever way the bytes were cut.
std::string read(std::string_view bytes, std::size_t piece)
{
    std::string shown;
    aap::ReplyListener listener;
    listener.text = listener.thinking = [&](std::string_view text) { shown += text; };
    aap::MessageAssembler assembler(listener);
    aap::AnswerReader reader(assembler);
    aap::HttpAnswer head{.status = 200, .headers = {{"content-type", "text/event-stream"}}};
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
        if (reader.read(head, bytes.substr(0, piece)) == aap::HttpExchange::Want::Enough)
            break;
    const auto attempt = reader.result(head);
    if (const auto* reply = std::get_if<aap::ModelReply>(&attempt))
        return shown + reply->content.dump(-1, ' ', false, aap::Json::error_handler_t::replace) + reply->rawStopReason;
    return shown + std::get<aap::ApiFailure>(attempt).error.text();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (read(bytes, size + 1) != read(bytes, 1))
        std::abort(); // how the network cuts the bytes must not matter
    return 0;
}
