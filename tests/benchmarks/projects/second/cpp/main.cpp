#include <algorithm>
#include <iostream>

#include "schema.hpp"

using config::Schema;
using config::Type;
using config::Value;
namespace rules = config::rules;

namespace {

struct Loud {
    int level;
    bool operator()(const rules::Finding &finding) const { return finding.level >= level; }
};

template <typename Range, typename Keep>
int count(const Range &range, Keep keep)
{
    return static_cast<int>(std::count_if(range.begin(), range.end(), keep));
}

Value sample()
{
    Value server = {{"host", "localhost"}, {"port", 80.0}};
    Value value = {{"server", server}, {"tags", config::List{"a", 2.0, Value()}}};
    value.at("debug") = 1.0;
    return value;
}

void print(const rules::Report &report)
{
    for (const auto &[path, message, level] : report) std::cout << path << ' ' << message << ' ' << level << '\n';
}

}  // namespace

int main()
{
    const Value value = sample();
    std::cout << value << ' ' << value.size() << ' ' << name(value["tags"].type()) << '\n';

    std::vector<std::string> heard;
    rules::Report report([&heard](const rules::Finding &finding) { heard.push_back(finding.path); });
    Schema schema;
    schema.with<rules::Required>("tags", Type::Text).with<rules::Required>("server", Type::Table);
    schema.apply(value, report);

    Schema server;
    server.prefix = "server";
    server.with<rules::Minimum>("port", 1024)
        .with<rules::Bound<std::less<double>>>("port", 100.0)
        .with<rules::Required>("name", Type::Text);
    server.apply(value["server"], report);

    print(report);
    std::cout << report.count() << ' ' << report.count(rules::Finding::Note) << ' ' << count(report, Loud{1}) << '\n';
    CHECK_EACH(server, entry) std::cout << entry.key << ": " << entry.rule->name() << '\n';
    for (const std::string &path : heard) std::cout << path << ';';
    std::cout << rules::Rule::checks << Schema::count() << Schema::version << '\n';
    auto tags = value["tags"];
    int (rules::Report::*counter)(rules::Finding::Level) const = &rules::Report::count;
    std::cout << tags[0] << tags[7] << (tags[1] == Value(2.0)) << (report.*counter)(rules::Finding::Error) << '\n';
    return value["none"].empty() && &value["none"] == &Value::null ? 0 : 1;
}
