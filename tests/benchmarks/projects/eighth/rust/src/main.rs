//! A tiny Lisp with lexical scope, run on a few sample programs.

mod builtins;
mod env;
mod error;
mod eval;
mod lexer;
mod parser;
mod value;

use eval::Interpreter;

/// Definitions that the samples share.
const PRELUDE: &str = "
(define map (lambda (f xs) (if (empty? xs) '() (cons (f (first xs)) (map f (rest xs))))))
(define fold (lambda (f acc xs) (if (empty? xs) acc (fold f (f acc (first xs)) (rest xs)))))
(define range (lambda (a b) (if (< a b) (cons a (range (+ a 1) b)) '())))
(define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))
(define counter (lambda (count) (lambda () (set! count (+ count 1))))) ; keeps state
";

/// One program a line; the later ones are wrong.
const SAMPLES: &str = "(+ 1 2 (* 3 4))
(/ (- 100 2) 7)
'(a b (c 1))
(list true (= 1 1 2) +)
(map (lambda (n) (* n n)) (range 1 8))
(map fib (range 0 12))
(fold + 0 (range 0 101))
(define tick (counter 10))
(list (tick) (tick) (tick))
(lambda (a b) a)
()
(+ 1
(+ 1 2))
(print #)
(foo 1)
(set! nowhere 1)
(1 2 3)
(+ 1 'a)
(first '())
(fib 1 2)
(/ 1 0)
(define 5 1)";

fn main() -> error::Result<()> {
    let lisp = Interpreter::new();
    lisp.run(PRELUDE)?;

    for source in SAMPLES.lines() {
        match lisp.run(source) {
            Ok(value) => println!("{source} => {value}"),
            Err(error) => println!("{source} !! {error}"),
        }
    }
    Ok(())
}
