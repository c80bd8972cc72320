#include "core/engine/expected_run.h"

namespace aap {

ExpectedRun::ExpectedRun(std::vector<RunFact> expected, RunObserver& inner, std::function<void()> differs) :
    m_expected(std::move(expected)), m_inner(inner), m_differs(std::move(differs))
{
}

void ExpectedRun::happened(const RunEvent& event, const RunState& state)
{
    m_inner.happened(event, state);
    if (m_difference)
        return;
    if (!m_reader)
        m_reader.emplace(std::filesystem::path(state.started.output) / "snapshots.git");
    if (const auto actual = m_reader->read(event))
        compare(*actual);
}

void ExpectedRun::compare(const RunFact& actual)
{
    m_difference = m_same < m_expected.size() ? differenceOf(m_expected[m_same], actual) : FactDifference{"the course of the run", "nothing more", actual.what};
    if (m_difference)
        m_differs();
    else
        ++m_same;
}

std::optional<FactDifference> ExpectedRun::difference() const
{
    if (m_difference || m_same == m_expected.size())
        return m_difference;
    return FactDifference{"the course of the run", m_expected[m_same].what, "nothing more"};
}

} // namespace aap
