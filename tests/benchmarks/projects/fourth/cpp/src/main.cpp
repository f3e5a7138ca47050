#include <iostream>
#include <map>

#include "../include/json/json.hpp"

namespace {

constexpr const char* kDocument = R"({
    # the stock of a small shop
    "name": "Corner \"Store\"",
    "open": true,
    "owner": null,
    "shelves": [
        {"id": 1, "items": [
            {"name": "tea", "price": 3.25, "count": 12},
            {"name": "salt", "price": 0.8, "count": 40},
        ]},
        {"id": 2, "items": [{"name": "lamp", "price": 18.5, "count": 2}]},
        {"id": 3, "items": []}
    ],
    "note": "back\\slash",
})";

struct Statistics {
    std::map<json::Kind, int> kinds;
    double sum = 0;
    std::size_t characters = 0;

    void operator()(std::nullptr_t) { ++kinds[json::Kind::Null]; }
    void operator()(bool) { ++kinds[json::Kind::Bool]; }
    void operator()(double value) { ++kinds[json::Kind::Number]; sum += value; }
    void operator()(const std::string& value) { ++kinds[json::Kind::String]; characters += value.size(); }
    void operator()(const json::Array& array) {
        ++kinds[json::Kind::Array];
        for (const auto& value : array) value.visit(*this);
    }
    void operator()(const json::Object& object) {
        ++kinds[json::Kind::Object];
        for (const auto& [key, value] : object) value.visit(*this);
    }

    void print(std::ostream& out) const {
        for (const auto& [kind, count] : kinds) out << "  " << json::to_string(kind) << ": " << count << '\n';
        out << "  sum " << sum << ", " << characters << " characters\n";
    }
};

void show(const json::Value& root, std::string_view text) {
    std::cout << text << " ->";
    for (const json::Value& value : json::query(root, text)) std::cout << ' ' << value;
    std::cout << '\n';
}

double worth(const json::Value& root) {
    double total = 0;
    json::Path::parse("$..items[*]").each(root, [&total](const json::Value& item) {
        const auto& object = item.get<json::Object>();
        total += object.find("price")->get<double>() * object.find("count")->get<double>();
    });
    return total;
}

void attempt(std::string_view text, const json::ParseOptions& options = {}) {
    try {
        const json::Value value = json::parse(text, options);
        std::cout << "ok " << value << '\n';
    } catch (const json::ParseError& error) {
        std::cout << error.what() << ", column " << error.position().column << '\n';
    }
}

void attempt_path(std::string_view text) {
    try {
        const json::Path path = json::Path::parse(text);
        std::cout << path.text() << " has " << path.size() << " steps\n";
    } catch (const json::PathError& error) {
        std::cout << "bad path: " << error.what() << '\n';
    }
}

json::Value build() {
    json::Value value;
    auto& object = value.as_object();
    object["size"] = 3;
    object["draft"] = true;
    object["tags"].as_array() = {"a", 2.5, nullptr, json::Array{}};
    object["parent"] = json::Object{};
    if (object.erase("draft")) object["erased"] = !object.erase("draft");
    return value;
}

}  // namespace

int main() {
    std::cout << "version " << JSON_VERSION << '\n';
    const json::Value root = json::parse(kDocument, json::ParseOptions::relaxed());
    std::cout << json::dump(root, json::Style::Pretty) << '\n';
    std::cout << "size " << root.size() << ", depth " << root.depth() << '\n';

    for (auto text : {"$.name", "$.shelves[*].id", "$..name", "$.shelves[0].items[-1]", "$.shelves[7]"}) {
        show(root, text);
    }
    std::cout << "worth " << worth(root) << '\n';

    Statistics statistics;
    root.visit([&statistics](const auto& data) { statistics(data); });
    statistics.print(std::cout);

    attempt("[1, 2, ]");
    attempt("[1, 2, ]", json::ParseOptions::relaxed());
    attempt("{\"a\": tru}");
    attempt("[1,\n 2,\n x]");
    attempt("# nothing");
    attempt("\"open");
    json::ParseOptions shallow;
    shallow.max_depth = 2;
    attempt("[[[]]]", shallow);
    attempt("[] []");
    std::cout << "depth allowed " << json::ParseOptions::kDefaultDepth << '\n';

    for (auto text : {"$.a[3]..b", "a.b", "$.a[", "$.a[1", "$a"}) attempt_path(text);

    const json::Value built = build();
    json::PrettyPrinter printer(std::cout, json::PrettyPrinter::kIndent * 2);
    printer.print(built);
    std::cout << '\n' << printer.count() << " values printed\n";
    const json::Value copy = json::parse(json::dump(built));
    std::cout << "copy " << (copy == built ? "equal" : "different") << ", root "
              << (root != built ? "different" : "equal") << '\n';
    std::cout << built.get<json::Object>().find("size")->value_or(0.0) << ' ' << built.value_or(-1.0) << '\n';
    try {
        built.get<json::Array>();
    } catch (const json::TypeError& error) {
        std::cout << error.what() << (error.expected() == json::Kind::Array ? " (array)" : "") << '\n';
    }
    return 0;
}
