"""Plain language -> a plan of exact calls, a question, or "out of reach". Acting wrongly is worse than asking."""

from qcode.router.plan import PER_FILE, Call, OutOfReach, Plan, Question, within
from qcode.router.route import route

__all__ = ["PER_FILE", "Call", "OutOfReach", "Plan", "Question", "route", "within"]
