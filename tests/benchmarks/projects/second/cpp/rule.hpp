#pragma once

#include "value.hpp"

#include <functional>

namespace config {
namespace rules {

/// What is wrong with a value, and where.
struct Finding {
    std::string path;
    std::string message;
    enum Level { Note, Error = 3 } level = Error;
};

class Report {
public:
    using Sink = std::function<void(const Finding &)>;
    Report() = default;
    explicit Report(Sink sink) : sink(std::move(sink)) {}
    void add(Finding finding);
    void add(const std::string &path, const std::string &message);
    int count(Finding::Level level = Finding::Error) const;
    auto begin() const { return findings.cbegin(); }
    auto end() const { return findings.cend(); }

private:
    std::vector<Finding> findings;
    Sink sink;
};

class Rule {
public:
    virtual ~Rule() = default;
    void check(const Value &value, const std::string &path, Report &report) const;
    virtual std::string name() const = 0;
    static int checks;

protected:
    virtual void verify(const Value &value, const std::string &path, Report &report) const = 0;
};

class Required final : public Rule {
public:
    explicit Required(Type type) : type(type) {}
    std::string name() const override;

private:
    void verify(const Value &value, const std::string &path, Report &report) const override;
    Type type;
};

template <typename Compare>
class Bound : public Rule {
public:
    Bound(double limit, Compare compare = Compare()) : limit(limit), compare(compare) {}
    std::string name() const override { return "bound"; }

protected:
    void verify(const Value &value, const std::string &path, Report &report) const override
    {
        double number = value.get<double>(limit);
        if (!compare(number, limit)) report.add({path, "out of bound", Finding::Note});
    }

private:
    double limit;
    Compare compare;
};

using Minimum = Bound<std::greater_equal<double>>;

}  // namespace rules
}  // namespace config
