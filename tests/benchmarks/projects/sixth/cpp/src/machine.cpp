#include "machine.hpp"

#include <cmath>

namespace calc {
template <typename Map>
static auto& lookup(Map& map, const std::string& name) {
    const auto found = map.find(name);
    if (found == map.end()) throw RuntimeError("unknown name " + name);
    return found->second;
}

static void emit(Program& program, const Expr& expr) {
    const auto visitor = Overloaded{
        [&](const Number& number) { program.push_back({Code::Push, number.value}); },
        [&](const Variable& variable) { program.push_back({Code::Load, 0, {}, variable.name}); },
        [&](const Unary& unary) {
            emit(program, *unary.operand);
            program.push_back({Code::Operate, 0, unary.op});
        },
        [&](const Binary& binary) {
            emit(program, *binary.left);
            emit(program, *binary.right);
            program.push_back({Code::Operate, 0, binary.op});
        },
        [&](const Call& call) {
            emit(program, *call.arg);
            program.push_back({Code::Call, 0, {}, call.function});
        },
    };
    std::visit(visitor, expr.node);
}

double apply(Op op, double left, double right) {
    switch (op) {
        case Op::Add: return left + right;
        case Op::Sub: return left - right;
        case Op::Mul: return left * right;
        case Op::Pow: return std::pow(left, right);
        case Op::Neg: return -left;
        case Op::Div: break;
    }
    if (right == 0) throw RuntimeError("division by zero");
    return left / right;
}

std::ostream& operator<<(std::ostream& out, const Instruction& instruction) {
    static const char* const ops[] = {"add", "sub", "mul", "div", "pow", "neg"};
    switch (instruction.code) {
        case Code::Push: return out << "push " << instruction.number;
        case Code::Load: return out << "load " << instruction.name;
        case Code::Store: return out << "store " << instruction.name;
        case Code::Operate: return out << ops[static_cast<int>(instruction.op)];
        case Code::Call: return out << "call " << instruction.name;
        case Code::Print: break;
    }
    return out << "print";
}

Program compile(const std::vector<Statement>& statements) {
    Program program;
    for (const auto& [name, expr] : statements) {
        emit(program, *expr);
        program.push_back({name.empty() ? Code::Print : Code::Store, 0, {}, name});
    }
    return program;
}

void Machine::run(const Program& program) {
    stack_.clear();
    for (const auto& [code, number, op, name] : program) {
        switch (code) {
            case Code::Push: stack_.push_back(number); break;
            case Code::Load: stack_.push_back(lookup(variables_, name)); break;
            case Code::Store: variables_[name] = pop(); break;
            case Code::Call: stack_.push_back(lookup(functions_, name)(pop())); break;
            case Code::Print: out_ << "= " << pop() << '\n'; break;
            case Code::Operate: {
                const double right = op == Op::Neg ? 0 : pop();
                stack_.push_back(apply(op, pop(), right));
            }
        }
    }
}

double Machine::pop() {
    const double top = stack_.back();
    stack_.pop_back();
    return top;
}
}  // namespace calc
