package com.tallybook.payroll;

import com.tallybook.model.Employee;
import com.tallybook.model.Employee.Allowance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Checks the rows of a staff sheet before they are paid. */
public class Validator {

    private record Rule(String message, Predicate<Employee> broken) {
    }

    private final List<Rule> rules = new ArrayList<>();

    public static Validator standard() {
        return new Validator()
                .reject("has no department", e -> e.department().isBlank())
                .reject("has no pay policy", e -> e.policy() == null)
                .reject("gets a family allowance without dependants",
                        e -> e.allowances().contains(Allowance.FAMILY) && e.dependants() == 0);
    }

    public Validator reject(String message, Predicate<Employee> broken) {
        rules.add(new Rule(message, broken));
        return this;
    }

    /** Returns the messages of all rules that the employee breaks. */
    public List<String> problemsOf(Employee employee) {
        return rules.stream()
                .filter(rule -> rule.broken().test(employee))
                .map(rule -> "  ! " + employee.name() + " " + rule.message())
                .toList();
    }
}
