package com.tallybook.model;

import com.tallybook.policy.PayPolicy;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiFunction;

/** One row of the staff sheet. */
public record Employee(String id, String name, String department, int dependants,
                       PayPolicy policy, Set<Allowance> allowances) {

    /** Additions to the gross pay that an employee may be granted. */
    public enum Allowance {
        TRANSPORT(false, (employee, gross) -> Money.of(85)),
        FAMILY(false, (employee, gross) -> Money.of(120).times(employee.dependants())),
        HOUSING(true, (employee, gross) -> gross.times(0.10));

        private final boolean taxable;
        private final BiFunction<Employee, Money, Money> rule;

        Allowance(boolean taxable, BiFunction<Employee, Money, Money> rule) {
            this.taxable = taxable;
            this.rule = rule;
        }

        public boolean isTaxable() {
            return taxable;
        }

        public Money amountFor(Employee employee, Money gross) {
            return rule.apply(employee, gross);
        }
    }

    public static Employee hire(String id, String name, String department, PayPolicy policy) {
        return new Employee(id, name, department, 0, policy, EnumSet.noneOf(Allowance.class));
    }

    public Employee withDependants(int count) {
        return new Employee(id, name, department, count, policy, allowances);
    }

    public Employee granted(Allowance allowance) {
        Set<Allowance> extended = EnumSet.copyOf(allowances);
        extended.add(allowance);
        return new Employee(id, name, department, dependants, policy, extended);
    }
}
