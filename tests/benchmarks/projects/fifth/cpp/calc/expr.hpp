#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "../algebra/polynomial.hpp"

namespace calc {

using Value = algebra::Polynomial;

enum class Op : char { Add = '+', Sub = '-', Mul = '*', Pow = '^' };

class Environment {
public:
    void set(const std::string& name, Value value) { values_[name] = std::move(value); }
    const Value& get(const std::string& name) const;
    std::size_t size() const { return values_.size(); }

private:
    std::map<std::string, Value> values_;
};

/// Base of the syntax tree.
class Expr {
public:
    virtual ~Expr() = default;
    virtual Value eval(const Environment& env) const = 0;
    virtual std::string show() const = 0;
    virtual int depth() const { return 1; }
};

using ExprPtr = std::unique_ptr<Expr>;

class Number final : public Expr {
public:
    explicit Number(double value) : value_(value) {}
    Value eval(const Environment&) const override { return value_; }
    std::string show() const override { return Value(value_).to_string(); }

private:
    double value_;
};

class Variable final : public Expr {
public:
    explicit Variable(std::string name) : name_(std::move(name)) {}
    Value eval(const Environment& env) const override { return env.get(name_); }
    std::string show() const override { return name_; }

private:
    std::string name_;
};

class Binary final : public Expr {
public:
    Binary(Op op, ExprPtr left, ExprPtr right) : op_(op), left_(std::move(left)), right_(std::move(right)) {}
    Value eval(const Environment& env) const override;
    std::string show() const override;
    int depth() const override;

private:
    Op op_;
    ExprPtr left_, right_;
};

class Call final : public Expr {
public:
    Call(std::string name, std::vector<ExprPtr> args) : name_(std::move(name)), args_(std::move(args)) {}
    Value eval(const Environment& env) const override;
    std::string show() const override;
    int depth() const override;

private:
    std::string name_;
    std::vector<ExprPtr> args_;
};

}  // namespace calc
