#pragma once

#include <string_view>

#include "value.hpp"

namespace json {

struct Position {
    int line = 1;
    int column = 1;

    void advance(char c) noexcept;
};

class ParseError : public std::runtime_error {
public:
    ParseError(const std::string& message, Position position);

    const Position& position() const noexcept { return position_; }

private:
    Position position_;
};

struct ParseOptions {
    bool allow_comments = false;
    bool allow_trailing_commas = false;
    int max_depth = kDefaultDepth;

    static constexpr int kDefaultDepth = 32;

    static ParseOptions relaxed();
};

/// Parses one text. Throws ParseError at the first character that does not fit.
Value parse(std::string_view text, const ParseOptions& options = {});

}  // namespace json
