#include <iostream>

#include "algebra/matrix.hpp"
#include "calc/parser.hpp"

using algebra::Matrix;
using algebra::Polynomial;

namespace {

const char* kind_name(calc::Error::Kind kind) {
    switch (kind) {
        case calc::Error::Kind::Syntax: return "syntax error";
        case calc::Error::Kind::Name: return "name error";
        default: return "math error";
    }
}

struct Session {
    calc::Environment env;
    int failures = 0;

    void run(const std::string& name, const std::string& text) {
        try {
            const calc::ExprPtr expr = calc::parse(text);
            env.set(name, expr->eval(env));
            std::cout << name << " := " << expr->show() << " (depth " << expr->depth() << ")\n"
                      << "   = " << env.get(name) << '\n';
        } catch (const calc::Error& error) {
            ++failures;
            std::cout << name << ": " << kind_name(error.kind()) << ": " << error.what() << '\n';
        }
    }
};

void print_roots(const Polynomial& p) {
    std::cout << "roots of " << p.to_string("t") << ':';
    for (const double root : p.roots(-10.03, 10.01)) std::cout << ' ' << root;
    std::cout << '\n';
}

void matrices() {
    const Matrix<double> m{{2, 1, 0}, {1, 3, 1}, {0, 1, 4}};
    const Matrix<double> wide{{1, 2, 3}, {4, 5, 6}};
    std::cout << "m = " << m << "\ndet = " << determinant(m) << "\nm * m = " << m * m << '\n'
              << "wide = " << wide << ", " << wide.rows() << " x " << wide.cols() << '\n'
              << "transpose = " << wide.transpose() << "\nwide * m = " << wide * m << '\n'
              << "gram = " << wide * wide.transpose() << '\n'
              << "halves = " << wide.map([](double value) { return value / 2; }) << '\n'
              << "identity = " << Matrix<int>::identity(3) << '\n';
    const Polynomial poly = characteristic(m);
    std::cout << "characteristic = " << poly << '\n';
    print_roots(poly);
    try {
        std::cout << m * wide << '\n';
    } catch (const algebra::ShapeError& error) {
        std::cout << "shape error: " << error.what() << '\n';
    }
}

}  // namespace

int main() {
    Session session;
    session.env.set("x", Polynomial::X);
    session.run("p", "(x - 1) * (x + 2) * (2 * x - 5)");
    session.run("q", "diff(p)");
    session.run("r", "p - q * x + 3.5");
    session.run("cube", "(x + 1) ^ 3");
    session.run("v", "at(cube, deg(p) - 1)");
    session.run("tower", "2 ^ 2 ^ 3");
    session.run("bad", "p * (x + 1");
    session.run("bad", "p + size");
    session.run("bad", "max(p, q)");
    session.run("bad", "x ^ (1 - 2)");
    session.run("bad", "3 * * x");
    session.run("bad", "at(p)");
    session.run("bad", "x x");
    std::cout << session.env.size() << " variables, " << session.failures << " failures\n";
    print_roots(session.env.get("p"));
    print_roots(session.env.get("q"));
    matrices();
    return 0;
}
