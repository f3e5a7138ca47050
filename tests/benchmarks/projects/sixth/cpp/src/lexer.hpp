#pragma once

#include <cctype>
#include <stdexcept>
#include <string>
#include <utility>

namespace calc {
/// Raised for text that is not a program.
class SyntaxError : public std::runtime_error {
public:
    SyntaxError(const std::string& what, std::size_t column)
        : std::runtime_error(what + " at column " + std::to_string(column)) {}
};

enum class TokenKind { Number, Name, Symbol, End };

struct Token { TokenKind kind; std::string text; std::size_t column; };

/// Cuts a source text into tokens, one at a time.
class Lexer {
public:
    explicit Lexer(std::string source) : source_(std::move(source)) {}

    Token next() {
        take([](int c) { return std::isspace(c); });
        const std::size_t column = pos_ + 1;
        if (pos_ == source_.size()) return {TokenKind::End, "end", column};
        const auto in_number = [](int c) { return std::isdigit(c) || c == '.'; };
        const auto in_name = [](int c) { return std::isalnum(c) || c == '_'; };
        if (std::isdigit(peek())) return {TokenKind::Number, take(in_number), column};
        if (std::isalpha(peek())) return {TokenKind::Name, take(in_name), column};
        return {TokenKind::Symbol, std::string(1, source_[pos_++]), column};
    }

private:
    int peek() const { return static_cast<unsigned char>(source_[pos_]); }

    /// Consumes the characters that the predicate accepts.
    template <typename Pred>
    std::string take(Pred accepts) {
        const std::size_t start = pos_;
        while (pos_ < source_.size() && accepts(peek())) ++pos_;
        return source_.substr(start, pos_ - start);
    }

    std::string source_;
    std::size_t pos_ = 0;
};
}  // namespace calc
