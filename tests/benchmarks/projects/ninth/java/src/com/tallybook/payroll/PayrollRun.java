package com.tallybook.payroll;

import com.tallybook.model.Employee;
import com.tallybook.model.Money;
import com.tallybook.model.Sheet;
import com.tallybook.policy.TaxTable;

/** Turns a sheet of employees into a sheet of payslips. */
public class PayrollRun {

    /** What one employee is paid for the month. */
    public record Payslip(Employee employee, Money gross, Money extras, Money tax) {

        public Money net() {
            return gross.plus(extras).minus(tax);
        }
    }

    private final TaxTable taxes;

    public PayrollRun(TaxTable taxes) {
        this.taxes = taxes;
    }

    public Sheet<Payslip> process(String month, Sheet<Employee> staff) {
        Sheet<Payslip> slips = new Sheet<>("Payroll " + month);
        staff.forEach(employee -> slips.add(payslipFor(employee)));
        return slips;
    }

    private Payslip payslipFor(Employee employee) {
        Money gross = employee.policy().monthlyGross();
        Money taxable = gross;
        Money extras = Money.ZERO;
        for (Employee.Allowance allowance : employee.allowances()) {
            Money amount = allowance.amountFor(employee, gross);
            extras = extras.plus(amount);
            if (allowance.isTaxable()) {
                taxable = taxable.plus(amount);
            }
        }
        return new Payslip(employee, gross, extras, taxes.taxOn(taxable));
    }
}
