#pragma once

#include <functional>
#include <map>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "ast.hpp"

namespace calc {
class RuntimeError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The arithmetic that the machine and the optimizer share.
double apply(Op op, double left, double right = 0);

enum class Code { Push, Load, Store, Operate, Call, Print };

struct Instruction {
    Code code;
    double number = 0;
    Op op = Op::Add;
    std::string name = {};
};

std::ostream& operator<<(std::ostream& out, const Instruction& instruction);

using Program = std::vector<Instruction>;
Program compile(const std::vector<Statement>& statements);

/// A stack machine whose variables outlive the programs that set them.
class Machine {
public:
    using Functions = std::map<std::string, std::function<double(double)>>;

    Machine(std::ostream& out, Functions functions) : out_(out), functions_(std::move(functions)) {}

    void run(const Program& program);

private:
    double pop();

    std::ostream& out_;
    Functions functions_;
    std::map<std::string, double> variables_;
    std::vector<double> stack_;
};
}  // namespace calc
