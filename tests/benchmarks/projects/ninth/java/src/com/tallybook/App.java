package com.tallybook;

import com.tallybook.model.Employee;
import com.tallybook.model.Employee.Allowance;
import com.tallybook.model.Money;
import com.tallybook.model.Sheet;
import com.tallybook.payroll.PayrollRun;
import com.tallybook.payroll.PayrollRun.Payslip;
import com.tallybook.payroll.Validator;
import com.tallybook.policy.PayPolicy.Hourly;
import com.tallybook.policy.PayPolicy.Salaried;
import com.tallybook.policy.TaxTable;
import com.tallybook.report.ReportBuilder;

/** Runs a month's payroll for a small company. */
public final class App {

    public static void main(String[] args) {
        Sheet<Employee> staff = loadStaff();
        Validator validator = Validator.standard();
        Sheet<Employee> accepted = staff.where(employee -> validator.problemsOf(employee).isEmpty());
        System.out.println("Accepted " + accepted.size() + " of " + staff.size() + " rows");
        staff.forEach(employee -> validator.problemsOf(employee).forEach(System.out::println));

        Sheet<Payslip> slips = new PayrollRun(TaxTable.standard()).process("March", accepted);
        System.out.println("\n" + payslipReport(slips));
        System.out.print(departmentReport(slips));
    }

    private static Sheet<Employee> loadStaff() {
        return new Sheet<Employee>("Staff")
                .add(Employee.hire("E01", "Ingrid Halvorsen", "Engineering", new Salaried(Money.of(78_000)))
                        .withDependants(2).granted(Allowance.FAMILY).granted(Allowance.TRANSPORT))
                .add(Employee.hire("E02", "Tomas Okafor", "Warehouse", new Hourly(Money.of(19.5), 172))
                        .granted(Allowance.TRANSPORT))
                .add(Employee.hire("E03", "Rosa Lindqvist", "Sales", new Salaried(Money.of(44_100)))
                        .granted(Allowance.HOUSING))
                .add(Employee.hire("E04", "Pavel Adeyemi", "Warehouse", new Hourly(Money.of(18.25), 148)))
                .add(Employee.hire("E05", "Mei Castellanos", "Engineering", new Salaried(Money.of(64_500)))
                        .granted(Allowance.HOUSING).granted(Allowance.TRANSPORT))
                .add(Employee.hire("E06", "Jonas Whitfield", "Sales", new Salaried(Money.of(41_000)))
                        .granted(Allowance.FAMILY))
                .add(Employee.hire("E07", "Nadia Brandt", "", null));
    }

    private static String payslipReport(Sheet<Payslip> slips) {
        return new ReportBuilder<Payslip>()
                .text("Id", 3, slip -> slip.employee().id())
                .text("Name", 17, slip -> slip.employee().name())
                .text("Pay", 12, slip -> slip.employee().policy().describe())
                .number("Gross", 9, Payslip::gross)
                .number("Extras", 8, Payslip::extras)
                .number("Tax", 9, Payslip::tax)
                .number("Net", 9, Payslip::net)
                .footer("Total net", slips.total(Payslip::net))
                .render(slips);
    }

    private static String departmentReport(Sheet<Payslip> slips) {
        Sheet<Sheet<Payslip>> summary = new Sheet<>("Departments");
        slips.groupBy(slip -> slip.employee().department()).values().forEach(summary::add);
        return new ReportBuilder<Sheet<Payslip>>()
                .text("Department", 12, Sheet::title)
                .number("Staff", 5, Sheet::size)
                .number("Tax", 9, group -> group.total(Payslip::tax))
                .number("Net", 10, group -> group.total(Payslip::net))
                .render(summary);
    }
}
