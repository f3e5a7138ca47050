#include "../include/json/parser.hpp"

#include <cctype>
#include <cstdlib>

namespace json {

void Position::advance(char c) noexcept {
    column = c == '\n' ? 1 : column + 1;
    line += c == '\n';
}

ParseError::ParseError(const std::string& message, Position position)
    : std::runtime_error(message + " in line " + std::to_string(position.line)), position_(position) {}

ParseOptions ParseOptions::relaxed() {
    ParseOptions options;
    options.allow_comments = true;
    options.allow_trailing_commas = true;
    return options;
}

namespace {

class Parser {
public:
    Parser(std::string_view text, const ParseOptions& options) : text_(text), options_(options) {}

    Value run() {
        Value value = parse_value();
        skip_space();
        if (!at_end()) fail("unexpected text after the value");
        return value;
    }

private:
    /// Counts how deep the parser is for as long as it lives.
    class Nesting {
    public:
        explicit Nesting(Parser& parser) : depth_(parser.depth_) {
            if (++depth_ > parser.options_.max_depth) parser.fail("nested too deeply");
        }
        ~Nesting() { --depth_; }

    private:
        int& depth_;
    };

    bool at_end() const { return offset_ == text_.size(); }
    char peek() const { return at_end() ? '\0' : text_[offset_]; }

    char next() {
        if (at_end()) fail("unexpected end");
        position_.advance(peek());
        return text_[offset_++];
    }

    bool accept(char c) {
        return peek() == c && next() == c;
    }

    void expect(char c) {
        if (!accept(c)) fail(std::string("expected '") + c + "'");
    }

    [[noreturn]] void fail(const std::string& message) const { throw ParseError(message, position_); }

    void skip_space() {
        for (;;) {
            while (std::isspace(static_cast<unsigned char>(peek()))) next();
            if (peek() != '#') return;
            if (!options_.allow_comments) fail("comments are not allowed");
            while (!at_end() && peek() != '\n') next();
        }
    }

    Value parse_value() {
        skip_space();
        switch (peek()) {
            case '{': return parse_object();
            case '[': return parse_array();
            case '"': return parse_string();
            case 't': return parse_word("true", true);
            case 'f': return parse_word("false", false);
            case 'n': return parse_word("null", nullptr);
            default: return parse_number();
        }
    }

    /// Parses what stands between two brackets, with an element at a time left to the callback.
    template <typename Callback>
    void parse_list(char open, char close, Callback element) {
        Nesting nesting(*this);
        expect(open);
        skip_space();
        if (accept(close)) return;
        for (;;) {
            skip_space();
            if (options_.allow_trailing_commas && accept(close)) return;
            element();
            skip_space();
            if (accept(close)) return;
            expect(',');
        }
    }

    Value parse_object() {
        Object object;
        parse_list('{', '}', [&] {
            std::string key = parse_string();
            skip_space();
            expect(':');
            object[key] = parse_value();
        });
        return object;
    }

    Value parse_array() {
        Array array;
        parse_list('[', ']', [this, &array] { array.push_back(parse_value()); });
        return array;
    }

    std::string parse_string() {
        std::string value;
        expect('"');
        while (!accept('"')) {
            accept('\\');  // the character behind it stands for itself
            value += next();
        }
        return value;
    }

    Value parse_word(std::string_view word, Value value) {
        for (char c : word) {
            if (!accept(c)) fail("expected " + std::string(word));
        }
        return value;
    }

    Value parse_number() {
        constexpr std::string_view kNumberChars = "+-.0123456789eE";
        std::string digits;
        while (!at_end() && kNumberChars.find(peek()) != std::string_view::npos) digits += next();
        char* end = nullptr;
        double number = std::strtod(digits.c_str(), &end);
        if (digits.empty() || *end != '\0') fail("expected a value");
        return number;
    }

    std::string_view text_;
    const ParseOptions& options_;
    std::size_t offset_ = 0;
    Position position_;
    int depth_ = 0;
};

}  // namespace

Value parse(std::string_view text, const ParseOptions& options) { return Parser(text, options).run(); }

}  // namespace json
