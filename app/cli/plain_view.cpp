#include <iostream>
#include <mutex>

#include "app/cli/printable.h"
#include "app/cli/run_view.h"
#include "app/cli/wording.h"

namespace aap {
namespace {

class JsonView final : public RunView {
public:
    explicit JsonView(std::ostream& out) : m_out(out) {}

    void happened(const RunEvent& event, const RunState& /*state*/) override
    {
        m_out << toJson(event).dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
    }
    void live(const LiveEvent& /*event*/) override {}

private:
    std::ostream& m_out;
};

/// Lines as they become whole; what an agent says is indented by a bar.
class PlainView final : public RunView {
public:
    PlainView(std::ostream& out, ViewOptions options) : m_out(out), m_options(options) {}

    void happened(const RunEvent& event, const RunState& /*state*/) override
    {
        flush();
        const bool last = std::holds_alternative<RunFinished>(event.payload);
        if (m_options.quiet && !last)
            return;
        if (const auto line = sentence(event); !line.empty())
            m_out << line << std::endl;
    }

    void live(const LiveEvent& event) override
    {
        const bool wanted = event.kind == LiveEvent::Kind::Text || event.kind == LiveEvent::Kind::Retrying
            || event.kind == LiveEvent::Kind::Note || m_options.verbose;
        if (m_options.quiet || !wanted)
            return;
        m_partial += event.text;
        if (event.kind == LiveEvent::Kind::Retrying || event.kind == LiveEvent::Kind::Note)
            m_partial += '\n';
        const auto end = m_partial.rfind('\n');
        if (end == std::string::npos)
            return;
        print(std::string_view(m_partial).substr(0, end));
        m_partial.erase(0, end + 1);
    }

private:
    void flush()
    {
        if (!m_partial.empty())
            print(m_partial);
        m_partial.clear();
    }
    void print(std::string_view text)
    {
        std::string_view rest = text;
        while (true) {
            const auto end = rest.find('\n');
            m_out << "│ " << printable(rest.substr(0, end)) << '\n';
            if (end == std::string_view::npos)
                break;
            rest.remove_prefix(end + 1);
        }
        m_out << std::flush;
    }

    std::ostream& m_out;
    ViewOptions m_options;
    std::string m_partial;
};

} // namespace

std::unique_ptr<RunView> makeJsonView(std::ostream& out)
{
    return std::make_unique<JsonView>(out);
}

std::unique_ptr<RunView> makePlainView(std::ostream& out, ViewOptions options)
{
    return std::make_unique<PlainView>(out, options);
}

} // namespace aap
