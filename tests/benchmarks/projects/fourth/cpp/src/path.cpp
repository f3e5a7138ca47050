#include "../include/json/path.hpp"

#include <cctype>

namespace json::path {
namespace {

constexpr char kRoot = '$';

struct Child final : Step {
    explicit Child(std::string name) : name(std::move(name)) {}

    void select(const Value& value, const Sink& sink) const override {
        if (!value.is(Kind::Object)) return;
        if (const Value* child = value.get<Object>().find(name)) sink(*child);
    }
    std::string text() const override { return "." + name; }

    std::string name;
};

struct Index final : Step {
    explicit Index(int index) : index(index) {}

    void select(const Value& value, const Sink& sink) const override {
        if (!value.is(Kind::Array)) return;
        const auto& array = value.get<Array>();
        const int size = static_cast<int>(array.size());
        const int at = index < 0 ? size + index : index;  // negative ones count from the end
        if (at >= 0 && at < size) sink(array[at]);
    }
    std::string text() const override { return "[" + std::to_string(index) + "]"; }

    int index;
};

struct Wildcard final : Step {
    void select(const Value& value, const Sink& sink) const override {
        if (value.is(Kind::Array)) {
            for (const Value& child : value.get<Array>()) sink(child);
        } else if (value.is(Kind::Object)) {
            for (const auto& member : value.get<Object>()) sink(member.second);
        }
    }
    std::string text() const override { return "[*]"; }
};

/// Selects the value itself and everything below it.
struct Descend final : Step {
    void select(const Value& value, const Sink& sink) const override {
        sink(value);
        children.select(value, [&](const Value& child) { select(child, sink); });
    }
    std::string text() const override { return "."; }

    Wildcard children;
};

class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    bool done() const { return text_.empty(); }

    bool accept(std::string_view prefix) {
        if (text_.substr(0, prefix.size()) != prefix) return false;
        text_.remove_prefix(prefix.size());
        return true;
    }

    template <typename Predicate>
    std::string take(Predicate predicate) {
        std::size_t size = 0;
        while (size < text_.size() && predicate(text_[size])) ++size;
        if (size == 0) throw PathError("empty step before '" + std::string(text_) + "'");
        std::string token(text_.substr(0, size));
        text_.remove_prefix(size);
        return token;
    }

private:
    std::string_view text_;
};

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) || c == '-'; }

}  // namespace

Path Path::parse(std::string_view text) {
    Scanner scanner(text);
    if (!scanner.accept({&kRoot, 1})) throw PathError("a path starts with '$'");
    Path path;
    while (!scanner.done()) {
        if (scanner.accept("[*]")) {
            path.add<Wildcard>();
        } else if (scanner.accept("[")) {
            path.add<Index>(std::stoi(scanner.take(is_digit)));
            if (!scanner.accept("]")) throw PathError("missing ']'");
        } else if (scanner.accept("..")) {
            path.add<Descend>();
            path.add<Child>(scanner.take(is_name));
        } else if (scanner.accept(".")) {
            path.add<Child>(scanner.take(is_name));
        } else {
            throw PathError("a step starts with '.' or '['");
        }
    }
    return path;
}

void Path::run(std::size_t index, const Value& value, const Sink& sink) const {
    if (index == size()) return sink(value);
    steps_[index]->select(value, [&, index](const Value& child) { run(index + 1, child, sink); });
}

const Path& Path::each(const Value& root, const Sink& sink) const {
    run(0, root, sink);
    return *this;
}

std::vector<Value> Path::find(const Value& root) const {
    std::vector<Value> found;
    each(root, [&found](const Value& value) { found.push_back(value); });
    return found;
}

std::string Path::text() const {
    std::string text(1, kRoot);
    for (const auto& step : steps_) text += step->text();
    return text;
}

std::vector<Value> query(const Value& root, std::string_view text) { return Path::parse(text).find(root); }

}  // namespace json::path
