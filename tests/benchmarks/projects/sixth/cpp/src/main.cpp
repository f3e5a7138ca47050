#include <cmath>
#include <iostream>

#include "machine.hpp"
#include "optimizer.hpp"
#include "parser.hpp"

/// Compiles a source with and without the optimizer, then runs the better program.
static void process(const std::string& source, calc::Machine& machine, bool list = false) {
    std::cout << "> " << source << '\n';
    try {
        auto statements = calc::Parser(source).parse();
        const auto plain = calc::compile(statements);
        calc::Optimizer optimizer;
        for (auto& [name, expr] : statements) expr = optimizer.run(std::move(expr));
        const auto program = calc::compile(statements);
        std::cout << "  " << optimizer.rewrites() << " rewrites: " << plain.size() << " -> "
                  << program.size() << " instructions\n";
        for (const auto& instruction : program) {
            if (list) std::cout << "    " << instruction << '\n';
        }
        machine.run(program);
    } catch (const calc::SyntaxError& error) {
        std::cout << "syntax error: " << error.what() << '\n';
    } catch (const calc::RuntimeError& error) {
        std::cout << "runtime error: " << error.what() << '\n';
    }
}

int main() {
    calc::Machine machine(std::cout, {{"sqrt", [](double x) { return std::sqrt(x); }},
                                      {"half", [](double x) { return x / 2; }}});

    process("1 + 2 * 3 - 4 / 8", machine);
    process("2 ^ 3 ^ 2; -2 ^ 2", machine);
    process("let r = 2.5; let area = 3.14159 * r ^ (1 + 1) * 1", machine, true);
    process("area; --r + 0", machine);
    process("let h = sqrt(3 * 3 + 4 * 4); half(h + r) - -r / (2 - 1)", machine, true);
    process("0 + h / (h - 5)", machine);
    process("missing + 1", machine);
    process("1 / 0", machine);
    process("let = 4", machine);
    process("(1 + 2", machine);
    process("3 $ 4", machine);
}
