#include "expr.hpp"

#include <algorithm>
#include <functional>

#include "parser.hpp"

namespace calc {
namespace {

using Args = std::vector<Value>;
struct Builtin {
    std::size_t arity;
    std::function<Value(const Args&)> apply;
};

const std::map<std::string, Builtin> builtins = {
    {"diff", {1, [](const Args& args) { return args[0].derivative(); }}},
    {"at", {2, [](const Args& args) { return Value(args[0](args[1].at(0))); }}},
    {"deg", {1, [](const Args& args) { return Value(args[0].degree()); }}},
};

}  // namespace

const Value& Environment::get(const std::string& name) const {
    const auto it = values_.find(name);
    if (it == values_.end()) throw Error(Error::Kind::Name, "unknown variable " + name);
    return it->second;
}

Value Binary::eval(const Environment& env) const {
    const Value left = left_->eval(env), right = right_->eval(env);
    switch (op_) {
        case Op::Add: return left + right;
        case Op::Sub: return left - right;
        case Op::Mul: return left * right;
        case Op::Pow: break;
    }
    if (!right.is_constant() || right.at(0) < 0)
        throw Error(Error::Kind::Math, "bad exponent " + right_->show());
    return left.power(static_cast<unsigned>(right.at(0)));
}

std::string Binary::show() const {
    return "(" + left_->show() + " " + static_cast<char>(op_) + " " + right_->show() + ")";
}

int Binary::depth() const { return 1 + std::max(left_->depth(), right_->depth()); }

Value Call::eval(const Environment& env) const {
    const auto it = builtins.find(name_);
    if (it == builtins.end()) throw Error(Error::Kind::Name, "unknown function " + name_);
    if (it->second.arity != args_.size())
        throw Error(Error::Kind::Math, "wrong number of arguments for " + name_);
    Args args;
    for (const auto& arg : args_) args.push_back(arg->eval(env));
    return it->second.apply(args);
}

std::string Call::show() const {
    std::string text = name_ + "(";
    for (const auto& arg : args_) text += (arg == args_.front() ? "" : ", ") + arg->show();
    return text + ")";
}

int Call::depth() const {
    int depth = 0;
    for (const auto& arg : args_) depth = std::max(depth, arg->depth());
    return depth + 1;
}

}  // namespace calc
