#include "parser.hpp"

#include <cctype>

namespace calc {

char Parser::peek() {
    while (pos_ < text_.size() && text_[pos_] == ' ') ++pos_;
    return pos_ < text_.size() ? text_[pos_] : '\0';
}

bool Parser::accept(char c) {
    if (peek() != c) return false;
    ++pos_;
    return true;
}

void Parser::expect(char c) {
    if (accept(c)) return;
    throw Error(Error::Kind::Syntax, std::string("expected ") + c + " at " + std::to_string(pos_));
}

ExprPtr Parser::parse() {
    ExprPtr expr = sum();
    if (peek()) throw Error(Error::Kind::Syntax, "rest after expression: " + text_.substr(pos_));
    return expr;
}

ExprPtr Parser::sum() {
    ExprPtr left = product();
    while (peek() == '+' || peek() == '-') {
        const Op op = static_cast<Op>(text_[pos_++]);
        left = std::make_unique<Binary>(op, std::move(left), product());
    }
    return left;
}

ExprPtr Parser::product() {
    ExprPtr left = power();
    while (accept('*')) left = std::make_unique<Binary>(Op::Mul, std::move(left), power());
    return left;
}

ExprPtr Parser::power() {
    ExprPtr base = primary();
    return accept('^') ? std::make_unique<Binary>(Op::Pow, std::move(base), power()) : std::move(base);
}

ExprPtr Parser::primary() {
    if (accept('(')) {
        ExprPtr inner = sum();
        expect(')');
        return inner;
    }
    const char first = peek();
    const std::size_t start = pos_;
    if (std::isdigit(static_cast<unsigned char>(first))) {
        std::size_t length = 0;
        const double value = std::stod(text_.substr(pos_), &length);
        pos_ += length;
        return std::make_unique<Number>(value);
    }
    while (pos_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[pos_]))) ++pos_;
    if (pos_ == start) throw Error(Error::Kind::Syntax, "expected a value at " + std::to_string(pos_));
    std::string name = text_.substr(start, pos_ - start);
    if (!accept('(')) return std::make_unique<Variable>(std::move(name));
    std::vector<ExprPtr> args;
    do args.push_back(sum());
    while (accept(','));
    expect(')');
    return std::make_unique<Call>(std::move(name), std::move(args));
}

}  // namespace calc
