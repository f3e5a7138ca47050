#include "rule.hpp"

namespace config::rules {

int Rule::checks = 0;

void Report::add(Finding finding)
{
    if (sink) sink(finding);
    findings.push_back(std::move(finding));
}

void Report::add(const std::string &path, const std::string &message)
{
    Finding finding;
    finding.path = path;
    finding.message = message;
    add(finding);
}

int Report::count(Finding::Level level) const
{
    int count = 0;
    for (const auto &finding : findings) count += finding.level == level;
    return count;
}

void Rule::check(const Value &value, const std::string &path, Report &report) const
{
    ++checks;
    verify(value, path, report);
}

std::string Required::name() const { return std::string("required ") + config::name(type); }

void Required::verify(const Value &value, const std::string &path, Report &report) const
{
    if (value.type() != type) report.add(path, "is " + std::string(config::name(value.type())));
}

}  // namespace config::rules
