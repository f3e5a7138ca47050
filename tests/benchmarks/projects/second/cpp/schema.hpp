#pragma once

#include "rule.hpp"

#define SCHEMA_VERSION 2
#define CHECK_EACH(schema, entry) for (const auto &entry : (schema).entries())

namespace config {

template <typename Derived>
struct Counted {
    Counted() { ++made; }
    static int count() { return made; }

private:
    inline static int made = 0;
};

class Schema : public Counted<Schema> {
    struct Entry {
        std::string key;
        std::unique_ptr<rules::Rule> rule;
    };

public:
    static constexpr int version = SCHEMA_VERSION;

    template <class R, typename... Args>
    Schema &with(std::string key, Args &&...args)
    {
        entries_.push_back(Entry{std::move(key), std::make_unique<R>(std::forward<Args>(args)...)});
        return *this;
    }

    const std::vector<Entry> &entries() const { return entries_; }

    void apply(const Value &value, rules::Report &report) const
    {
        CHECK_EACH(*this, entry) entry.rule->check(value[entry.key], path(entry.key), report);
    }

    std::string prefix = "";

private:
    std::string path(const std::string &key) const { return prefix.empty() ? key : prefix + '.' + key; }
    std::vector<Entry> entries_;
};

}  // namespace config
